-- Whether any frame still shows a copy: frames of the same pixels share it.
create index frames_derived on frames using gin ((array[picture_sha256, thumb_sha256, grey_sha256])) where picture_sha256 is not null;
