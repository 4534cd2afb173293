// Adjacent jobs of a launch, done together. No twin: a workgroup of a shader does one job.

// Per thread: the row of jobs in progress, and which jobs of it.
export let jobRow: u32 = 0;
export let jobColumn: u32 = 0;
export let jobColumnEnd: u32 = 0;

/** Sets the variables above to those of the jobs job .. end - 1 that lie in the row of the first. Returns the next job. */
// @ts-ignore: decorator
@inline
export function takeJobs(job: u32, end: u32, across: u32): u32 {
  jobRow = job / across;
  jobColumn = job - jobRow * across;
  jobColumnEnd = min(across, jobColumn + (end - job));
  return job + (jobColumnEnd - jobColumn);
}
