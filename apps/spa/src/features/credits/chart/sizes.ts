/** The chart's grid of dots: its plot begins and ends on it, so that columns stack without a cut dot. */
export const PITCH_PX = 6
export const CHART_HEIGHT_PX = 40 * PITCH_PX
