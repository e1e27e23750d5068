/**
 * Every reason code of the network, with the stage that gives it. Codes are stable: they stand in the database,
 * in the API and in `viewer/words`, and a test fails where a code has no words.
 */
export const REASONS = {
  no_time: 'ingest',
  time_invalid: 'ingest',
  no_position: 'ingest',
  null_island: 'ingest',
  position_invalid: 'ingest',
  outside_track: 'ingest',
  clock_differs: 'ingest',
  asserted_time: 'ingest',
  not_a_picture: 'ingest',
  picture_damaged: 'ingest',
  picture_too_large: 'ingest',
  picture_too_small: 'ingest',
  exif_damaged: 'ingest',
  file_duplicate: 'ingest',
  near_duplicate: 'ingest',
  not_in_manifest: 'ingest',
  unused_file: 'ingest',
  row_malformed: 'ingest',
  row_out_of_order: 'ingest',
  row_doubled_time: 'ingest',
  column_missing: 'ingest',
  file_unreadable: 'ingest',
  drive_empty: 'ingest',
  archive_unusable: 'ingest',
  trimmed_end: 'ingest',
  trimmed_stop: 'ingest',
  private_zone: 'ingest',
  teleport: 'validate',
  speed_disagrees: 'validate',
  position_disagrees: 'validate',
  sensor_still: 'validate',
  turn_disagrees: 'validate',
  force_disagrees: 'validate',
  clocks_disagree: 'validate',
  too_smooth: 'validate',
  track_stands: 'validate',
  track_drifts: 'validate',
  channels_disagree: 'validate',
  camera_still: 'validate',
  camera_copies: 'validate',
  camera_turns: 'validate',
  camera_astray: 'validate',
  camera_scattered: 'validate',
  not_checkable: 'validate',
  too_short: 'validate',
  one_check_alone: 'validate',
  no_motion_sensor: 'validate',
  review_pending: 'validate',
  review_rejected: 'validate',
  review_accepted: 'validate',
  picture_elsewhere: 'validate',
  picture_repeats: 'validate',
  picture_not_street: 'validate',
  picture_of_picture: 'validate',
  light_disagrees: 'validate',
  imagery_held: 'validate',
  imagery_copied: 'validate',
  readings_held: 'validate',
  track_replayed: 'validate',
  own_drive_again: 'validate',
  place_offset: 'validate',
  clock_impossible: 'validate',
  light_differs: 'validate',
  already_fresh: 'tiles',
  beyond_third: 'tiles',
  epoch_closed: 'tiles',
  withdrawn_by_owner: 'tiles',
} as const;

export type ReasonCode = keyof typeof REASONS;

/** Why something was not used, with the figures its sentence needs (`viewer/words`), in SI units. */
export interface Refusal {
  readonly code: ReasonCode;
  readonly detail: ReasonDetail;
}

export type ReasonDetail = Readonly<Record<string, string | number>>;

export function refusal(code: ReasonCode, detail: ReasonDetail = {}): Refusal {
  return { code, detail };
}

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}
