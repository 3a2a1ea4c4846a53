declare module "jstat" {
  /** The part of jstat that is used here; it comes without types. */
  export const jStat: {
    studentt: {
      inv(p: number, degreesOfFreedom: number): number;
      cdf(t: number, degreesOfFreedom: number): number;
    };
  };
}
