import ArgumentParser
import ExperimentSpec
import TrialKinds

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of specs, for editors and validators.",
        discussion: """
            An editor that knows JSON Schema explains and completes the fields of a spec that names the schema:

              journal schema > experiment.schema.json

            with "$schema": "experiment.schema.json" as the spec's first line. Any validator of draft 7 takes it too:

              check-jsonschema --schemafile experiment.schema.json first.json

            What a schema cannot say, such as which numbers divide each other, this does, and runs nothing:

              journal run first.json --dry-run
            """)

    func run() throws { try StandardOutput.write(Vocabulary.standard.jsonSchema) }
}
