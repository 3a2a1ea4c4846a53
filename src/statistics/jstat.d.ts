declare module "jstat" {
  /** The part of jstat that is used here; it comes without types. */
  export const jStat: {
    normal: {
      inv(p: number, mean: number, deviation: number): number;
    };
    studentt: {
      inv(p: number, degreesOfFreedom: number): number;
      cdf(t: number, degreesOfFreedom: number): number;
    };
  };
}
