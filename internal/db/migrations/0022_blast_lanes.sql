-- +goose Up

-- A blast that is being sent is parted into lanes, each the recipients behind place up to
-- upto, which different transactions write to at the same time; its row is their lock.
-- judged and sent count in it what blasts counts when the blast has ended, or is cancelled.
-- From here on place of blasts says how many were judged, without those of its lanes.
-- owner: blast
CREATE TABLE blast_lanes (
    blast_id {{id}} NOT NULL,
    lane     {{int}} NOT NULL,
    place    {{int}} NOT NULL,
    upto     {{int}} NOT NULL,
    judged   {{int}} NOT NULL,
    sent     {{int}} NOT NULL,
    PRIMARY KEY (blast_id, lane)
){{clustered}};
