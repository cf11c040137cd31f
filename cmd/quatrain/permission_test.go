package main

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"quatrain/spec"
)

// Who may do what to whom in a room (XEP-0045 #privileges). In the tables a letter stands for what somebody may be made, "-" for nothing.
// Romeo owns the room and brings about what a line begins with, Juliet acts.

// affiliationTable: the affiliation of who acts, then by that of who is acted upon: o(wner), a(dmin), m(ember), n(one), x (outcast).
const affiliationTable = `
actor    owner  admin  member  none   outcast
owner    oamnx  oamnx  oamnx   oamnx  oamnx
admin    -      -      mnx     mnx    mnx
member   -      -      -       -      -
none     -      -      -       -      -
outcast  -      -      -       -      -
`

// roleTable: the affiliation and role of who acts, the affiliation of who is acted upon, then by the latter's role: m(oderator),
// p(articipant), v(isitor), n(one: a kick).
const roleTable = `
actor   role         target  moderator  participant  visitor
owner   moderator    owner   mpvn       mpvn         mpvn
owner   moderator    admin   mpvn       mpvn         mpvn
owner   moderator    member  mpvn       mpvn         mpvn
owner   moderator    none    mpvn       mpvn         mpvn
owner   participant  none    -          -            -
owner   visitor      none    -          -            -
admin   moderator    owner   -          -            -
admin   moderator    admin   mpvn       mpvn         mpvn
admin   moderator    member  mpvn       mpvn         mpvn
admin   moderator    none    mpvn       mpvn         mpvn
admin   participant  none    -          -            -
admin   visitor      none    -          -            -
member  moderator    owner   -          -            -
member  moderator    admin   -          -            -
member  moderator    member  -          pvn          pvn
member  moderator    none    -          pvn          pvn
member  participant  none    -          -            -
member  visitor      none    -          -            -
none    moderator    owner   -          -            -
none    moderator    admin   -          -            -
none    moderator    member  -          -            -
none    moderator    none    -          pvn          pvn
none    participant  none    -          -            -
none    visitor      none    -          -            -
`

// rows are a table's lines as maps from the words of its first line.
func rows(table string) (columns []string, result []map[string]string) {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	columns = strings.Fields(lines[0])
	for _, line := range lines[1:] {
		row := make(map[string]string)
		for i, cell := range strings.Fields(line) {
			row[columns[i]] = cell
		}
		result = append(result, row)
	}
	return columns, result
}

// roomScript writes a script about one room.
type roomScript struct {
	strings.Builder
	number int // of the last query
}

const permissionRoom = "permissions@conference.localhost"

func newRoomScript() *roomScript {
	s := &roomScript{}
	for i, name := range []string{"Romeo", "Juliet", "Rosaline"} {
		fmt.Fprintf(s, "[Client] %s\n\tjid: user%d@localhost\n\tpassword: password\n\n", name, i+1)
	}
	s.WriteString("-----\n\nRomeo connects\nJuliet connects\nRosaline connects\n\n")
	s.enter("Romeo")
	s.query("Romeo", "owner", "<x xmlns='jabber:x:data' type='submit'/>", "")
	return s
}

func (s *roomScript) enter(name string) {
	fmt.Fprintf(s, "%s sends:\n\t<presence to='%s/%[1]s'><x xmlns='http://jabber.org/protocol/muc'/></presence>\n\n", name, permissionRoom)
	fmt.Fprintf(s, "%s receives:\n\t<message from='%s' type='groupchat'><subject/></message>\n\n", name, permissionRoom)
}

// query asks something and expects a result, or, if there is one, an error of type cancel with this condition.
func (s *roomScript) query(name, protocol, payload, condition string) {
	s.number++
	fmt.Fprintf(s, "%s sends:\n\t<iq to='%s' type='set' id='q%d'><query xmlns='http://jabber.org/protocol/muc#%s'>%s</query></iq>\n\n",
		name, permissionRoom, s.number, protocol, payload)
	answer := "<iq type='result' id='q%d'/>"
	if condition != "" {
		answer = "<iq type='error' id='q%d'><error type='cancel'><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
	}
	fmt.Fprintf(s, "%s receives:\n\t"+answer+"\n\n", name, s.number)
}

func (s *roomScript) setAffiliation(by, jid, affiliation, condition string) {
	s.query(by, "admin", fmt.Sprintf("<item affiliation='%s' jid='%s'/>", affiliation, jid), condition)
}

func (s *roomScript) setRole(by, nick, role, condition string) {
	s.query(by, "admin", fmt.Sprintf("<item role='%s' nick='%s'/>", role, nick), condition)
}

func refusal(allowed bool) string {
	if allowed {
		return ""
	}
	return "not-allowed"
}

func (s *roomScript) play(t *testing.T, runtime string) {
	t.Helper()
	// The configuration is that of the scripts of rooms.
	script, err := spec.Parse("../../plugins/muc_core/spec/permissions.scs", []byte(s.String()))
	if err != nil {
		t.Fatal(err)
	}
	p := &program{stdout: io.Discard, stderr: t.Output()}
	if err := p.play(t.Context(), &specOptions{timeout: 4 * spec.DefaultTimeout, runtimes: roomsIn(runtime)}, script, s.String()); err != nil {
		t.Error(err)
	}
}

func TestWhoMayChangeAffiliations(t *testing.T) { forTwins(t, testWhoMayChangeAffiliations) }

func testWhoMayChangeAffiliations(t *testing.T, runtime string) {
	letters := map[string]string{"o": "owner", "a": "admin", "m": "member", "n": "none", "x": "outcast"}
	columns, table := rows(affiliationTable)
	for _, row := range table {
		t.Run(row["actor"], func(t *testing.T) {
			t.Parallel()
			s := newRoomScript()
			s.setAffiliation("Romeo", "user2@localhost", row["actor"], "")
			for _, target := range columns[1:] {
				for letter, wish := range letters {
					s.setAffiliation("Romeo", "mercutio@localhost", target, "")
					s.setAffiliation("Juliet", "mercutio@localhost", wish, refusal(strings.Contains(row[target], letter)))
				}
			}
			s.play(t, runtime)
		})
	}
}

func TestWhoMayChangeRoles(t *testing.T) { forTwins(t, testWhoMayChangeRoles) }

func testWhoMayChangeRoles(t *testing.T, runtime string) {
	letters := map[string]string{"m": "moderator", "p": "participant", "v": "visitor", "n": "none"}
	columns, table := rows(roleTable)
	for _, row := range table {
		t.Run(row["actor"]+" "+row["role"]+" "+row["target"], func(t *testing.T) {
			t.Parallel()
			s := newRoomScript()
			s.enter("Juliet")
			s.enter("Rosaline")
			s.setAffiliation("Romeo", "user2@localhost", row["actor"], "")
			s.setRole("Romeo", "Juliet", row["role"], "")
			s.setAffiliation("Romeo", "user3@localhost", row["target"], "")
			for _, role := range columns[3:] {
				for letter, wish := range letters {
					s.setRole("Romeo", "Rosaline", role, "")
					allowed := strings.Contains(row[role], letter)
					s.setRole("Juliet", "Rosaline", wish, refusal(allowed))
					if allowed && wish == "none" {
						s.enter("Rosaline")
					}
				}
			}
			s.play(t, runtime)
		})
	}
}
