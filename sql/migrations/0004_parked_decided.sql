-- What was set aside is so no longer when a copy of it came and was decided.
alter table parked drop constraint parked_resolution_check;
alter table parked add constraint parked_resolution_check
    check (resolution in ('requeued', 'dropped', 'decided'));
