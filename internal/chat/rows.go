package chat

import (
	"database/sql"

	"hearth/internal/care"
	"hearth/internal/db"
)

// messageColumns are read by scanMessage, from messages m left-joined with people a
// (author) and b (on behalf of).
const messageColumns = `m.id, m.conversation_id, m.seq, m.kind, m.author_id, a.name, a.kind, a.alias,
	m.on_behalf_of, b.name, m.reply_to, m.body, m.created_at, m.edited_at, m.deleted_at, m.extras, m.blast_id`

const messageJoins = ` LEFT JOIN people a ON a.id = m.author_id LEFT JOIN people b ON b.id = m.on_behalf_of`

func scanMessage(row db.Scanner) (care.Message, error) {
	var (
		m                                         care.Message
		author, behalf                            care.UserID
		authorName, authorKind, alias, behalfName sql.NullString
		created                                   int64
		edited, deleted                           sql.NullInt64
	)
	err := row.Scan(&m.ID, &m.Conversation, &m.Seq, &m.Kind, &author, &authorName, &authorKind, &alias,
		&behalf, &behalfName, &m.ReplyTo, &m.Body, &created, &edited, &deleted, &m.Extras, &m.Blast)
	m.Author = care.Person{
		ID: author, Name: authorName.String, Kind: care.PersonKind(authorKind.String), Alias: alias.String,
	}
	if author.IsZero() {
		m.Author = care.System
	}
	if !behalf.IsZero() {
		m.OnBehalfOf = &care.Person{ID: behalf, Name: behalfName.String, Kind: care.KindStaff}
	}
	m.CreatedAt, m.EditedAt, m.DeletedAt = db.FromMillis(created), db.TimeOf(edited), db.TimeOf(deleted)
	return m, err
}

// args makes the arguments of a statement from ids.
func args[K any](ids []care.ID[K], before ...any) []any {
	all := make([]any, 0, len(before)+len(ids))
	all = append(all, before...)
	for _, id := range ids {
		all = append(all, id)
	}
	return all
}
