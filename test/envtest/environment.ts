const { SEI_PARTS } = process.env

/** What the runs of these tests see of modes: this one, and where its programs are. */
export const envtest: Readonly<Record<string, string>> = {
  SEI_ENVTEST: '1',
  ...(SEI_PARTS === undefined ? {} : { SEI_PARTS }),
}
