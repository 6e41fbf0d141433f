"""TensorBoard's event files: written by tensorboardX, parameters as the hparams plugin keeps them, read by TensorBoard."""
import recording

chosen = recording.options()

import os

import tensorboard

WRITES = chosen.work in ("make", "points")
if WRITES:
    import tensorboardX
    from tensorboardX.summary import hparams
else:
    from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData


class TensorBoard:
    program = f"TensorBoard {tensorboard.__version__}" + (f", tensorboardX {tensorboardX.__version__}" if WRITES else "")

    def __init__(self, folder):
        self.folder = folder

    def record(self, name, values, parameters=None):
        writer = tensorboardX.SummaryWriter(os.path.join(self.folder, name))
        if parameters:
            for summary in hparams(parameters, {recording.METRIC: values[-1]}):
                writer.file_writer.add_summary(summary)
        for step, value in enumerate(values):
            writer.add_scalar(recording.METRIC, value, step)
        writer.close()

    def index(self):
        pass

    def names(self):
        return sorted(os.listdir(self.folder))

    def read(self, name, most):
        """Of more than `most` points some are left out, never the last; 0 keeps all."""
        found = EventAccumulator(os.path.join(self.folder, name), size_guidance={SCALARS: most})
        found.Reload()
        return found

    def listing(self):
        rows = []
        for name in self.names():
            if name == recording.CURVE:
                continue
            found = self.read(name, 1)
            data = found.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
            parameters = HParamsPluginData.FromString(data).session_start_info.hparams
            rows.append((
                name, found.Scalars(recording.METRIC)[-1].value, parameters["seed"].number_value,
                parameters["learningRate"].number_value))
        return rows

    def curve(self, name):
        return [point.value for point in self.read(name, 0).Scalars(recording.METRIC)]


recording.main(TensorBoard(chosen.folder), chosen)
