-- What a drive is held against: the looks of pictures, the cells a drive crosses, blocks of raw readings.

-- 64 bits that nearly equal pictures share nearly all of (shared/model/look.ts).
alter table frames add column look bigint;
create index frames_look on frames (look) where look is not null;

-- Cells of resolution 9 (about 200 m) that a judged drive crosses.
create table drive_cells (
  h3 bigint not null,
  drive_id uuid not null references drives on delete cascade,
  primary key (h3, drive_id)
);
create index drive_cells_drive on drive_cells (drive_id);

-- Hashes of runs of raw readings (validate/context/sensor-blocks.ts); the same run in two drives is the same recording.
create table sensor_blocks (
  hash bigint not null,
  drive_id uuid not null references drives on delete cascade,
  from_s double precision not null,
  to_s double precision not null,
  primary key (hash, drive_id)
);
create index sensor_blocks_drive on sensor_blocks (drive_id);

create index drives_closed on drives (closed_at) where state = 'processing';

-- What holds once the context was read: it supersedes the machine's intrinsic verdict, whose judgement stays as printed.
alter table verdicts drop constraint verdicts_kind_check;
alter table verdicts add constraint verdicts_kind_check check (kind in ('judge', 'context', 'review'));
alter table verdicts add column context text;
alter table verdicts add constraint verdicts_context check ((kind = 'context') = (context is not null));
