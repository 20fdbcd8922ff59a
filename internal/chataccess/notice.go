package chataccess

import (
	"context"
	"strings"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Bounds of a notice's parts, in characters.
const (
	maxNoticeTitle = 100
	maxNoticeBody  = 1000
	maxNoticeShort = 100
)

// NoticeEdit changes the words that clients read where they cannot write. A nil part
// stays; "" takes the default, or for a group the organization's.
type NoticeEdit struct {
	Title, Body, Phone, Hours, Emergency *string
	// Clear removes all parts; for groups.
	Clear bool
}

// parts gives the columns and what is wanted of them.
func (n NoticeEdit) parts() []noticePart {
	all := []noticePart{
		{"title", n.Title, maxNoticeTitle}, {"body", n.Body, maxNoticeBody}, {"phone", n.Phone, maxNoticeShort},
		{"hours", n.Hours, maxNoticeShort}, {"emergency", n.Emergency, maxNoticeShort},
	}
	if n.Clear {
		empty := ""
		for i := range all {
			all[i].text = &empty
		}
	}
	return all
}

type noticePart struct {
	name string
	text *string
	max  int
}

// editWithNotice writes an edit of a place that has a notice; see planWithNotice.
func (s *Service) editWithNotice(ctx context.Context, tx *db.Tx, t target, actor care.Actor, e Edit, notice *NoticeEdit, current func() (any, error)) ([]delta, error) {
	list, err := s.planWithNotice(ctx, tx, t, actor, e, notice, current)
	if err == nil && len(list) > 0 {
		err = t.write(ctx, tx, actor.Org, actor, s, list)
	}
	if err != nil || notice == nil {
		return list, err
	}
	return list, s.writeNotice(ctx, tx, t, actor, *notice, noticeAlone(e, notice))
}

// planWithNotice works out what an edit does to the switches of a place that has a notice.
// The notice may be edited alone; the version is checked for both.
func (s *Service) planWithNotice(ctx context.Context, tx *db.Tx, t target, actor care.Actor, e Edit, notice *NoticeEdit, current func() (any, error)) ([]delta, error) {
	if noticeAlone(e, notice) {
		return nil, t.sameVersion(ctx, tx, actor, e.Version, current)
	}
	return t.plan(ctx, tx, s, actor, e, current)
}

func noticeAlone(e Edit, notice *NoticeEdit) bool {
	return notice != nil && !e.mentions(Direct) && !e.mentions(Community)
}

func (t target) sameVersion(ctx context.Context, tx *db.Tx, actor care.Actor, version int64, current func() (any, error)) error {
	p, _, err := t.read(ctx, tx, actor.Org)
	if err != nil || version == p.Version {
		return err
	}
	now, err := current()
	if err != nil {
		return err
	}
	return conflict(now, newest(p.DirectMark, p.CommunityMark))
}

func (s *Service) writeNotice(ctx context.Context, tx *db.Tx, t target, actor care.Actor, notice NoticeEdit, alone bool) error {
	var changed []string
	for _, part := range notice.parts() {
		if part.text == nil {
			continue
		}
		words := strings.TrimSpace(*part.text)
		if err := care.CheckText("notice."+part.name, words, 0, part.max); err != nil {
			return err
		}
		column := "notice_" + part.name
		n, err := tx.Exec(ctx, `UPDATE `+t.table+` SET `+column+` = $2 WHERE `+t.key+` = $1 AND COALESCE(`+column+`, '') <> $3`,
			t.id, text(words), words)
		if err != nil {
			return err
		}
		if n > 0 {
			changed = append(changed, part.name)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if alone {
		if err := t.bump(ctx, tx); err != nil {
			return err
		}
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("chat_notice.changed", t.subject, map[string]any{"parts": changed}))
}
