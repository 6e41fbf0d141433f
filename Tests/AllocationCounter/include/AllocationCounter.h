/// Whether allocations can be counted here: they can with glibc.
int allocationsAreCounted(void);

/// How many times this thread has allocated or resized memory on the heap since it began.
long allocationsOfThisThread(void);
