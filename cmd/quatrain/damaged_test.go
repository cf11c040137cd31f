package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A copy of the sound room's record under another name, and its place in the list of rooms.
const copyOfGarden = `INSERT INTO "prosody" SELECT "host", '%[1]s', "store", "key", "type", replace("value", 'garden@', '%[1]s@')
	FROM "prosody" WHERE "store"='config' AND "user"='garden';
	INSERT INTO "prosody" VALUES ('conference.localhost', '', 'persistent', '%[1]s@conference.localhost', 'boolean', 'true')`

// ofRecord is a row of the room's record, for a statement.
const ofRecord = ` WHERE "store"='config' AND "user"='%[1]s' AND "key"=`

// lockingFaults are what decides who may do what, damaged: by the room's name the statement that does it.
var lockingFaults = map[string]string{
	"torn":            `UPDATE "prosody" SET "value"='{"persistent":tr'` + ofRecord + `'_data'`,
	"elephant":        `UPDATE "prosody" SET "type"='elephant'` + ofRecord + `'_data'`,
	"text":            `UPDATE "prosody" SET "type"='string', "value"='x'` + ofRecord + `'_data'`,
	"missing":         `DELETE FROM "prosody"` + ofRecord + `'_data'`,
	"number":          `UPDATE "prosody" SET "type"='number', "value"='3'` + ofRecord + `'juliet@localhost'`,
	"emperor":         `UPDATE "prosody" SET "value"='emperor'` + ofRecord + `'juliet@localhost'`,
	"no_reservations": `UPDATE "prosody" SET "type"='boolean', "value"='true'` + ofRecord + `'_affiliation_data'`,
	"no_reservation":  `UPDATE "prosody" SET "value"='{"juliet@localhost":5}'` + ofRecord + `'_affiliation_data'`,
	"no_nick":         `UPDATE "prosody" SET "value"='{"juliet@localhost":{"reserved_nickname":5}}'` + ofRecord + `'_affiliation_data'`,
	"old_layout":      `UPDATE "prosody" SET "key"='_affiliations'` + ofRecord + `'romeo@localhost'`,
	"members_only":    `UPDATE "prosody" SET "value"='{"persistent":true,"members_only":"perhaps"}'` + ofRecord + `'_data'`,
	"password":        `UPDATE "prosody" SET "value"='{"persistent":true,"password":5}'` + ofRecord + `'_data'`,
	"salt":            `UPDATE "prosody" SET "value"='{"persistent":true,"occupant_id_salt":5}'` + ofRecord + `'_data'`,
}

// slightFaults are the rest, with what the log says of them.
var slightFaults = map[string]struct{ statement, log string }{
	"looks": {`UPDATE "prosody" SET "value"='{"persistent":true,"name":5,"description":[1],"language":true,"subject":7,"subject_from":8,` +
		`"subject_time":"late","history_length":"many","default_history_messages":-1,"presence_broadcast":"all","max_users":"few",` +
		`"allow_pm":"elephants","allow_modpm":"yes"}'` + ofRecord + `'_data'`, "Room looks@conference.localhost: history_length of"},
	"other_jid": {`UPDATE "prosody" SET "value"='garden@rooms.verona.lit'` + ofRecord + `'_jid'`, "says that it is garden@rooms.verona.lit"},
	"hats": {`UPDATE "prosody" SET "value"='{"juliet@localhost":{"reserved_nickname":"Juliet","hats":"tall","reason":5}}'` + ofRecord +
		`'_affiliation_data'`, "hats of juliet@localhost makes no sense"},
	"state": {`INSERT INTO "prosody" VALUES ('conference.localhost', '%[1]s', 'state', 'x', 'json', '{')`, "The occupants of state@conference.localhost cannot be read"},
	"people": {`INSERT INTO "prosody" SELECT 'conference.localhost', '%[1]s', 'state', column1, column2, column3 FROM (VALUES
		('%[1]s@conference.localhost/A', 'json', '{"bare_jid":5}'), ('%[1]s@conference.localhost/B', 'json', '{"bare_jid":"b@localhost","role":"king"}'),
		('%[1]s@conference.localhost/C', 'json', '{"bare_jid":"c@localhost","role":"visitor"}'),
		('c@localhost/1', 'json', '{"name":"presence","attr":{"from":"%[1]s@conference.localhost/C"},"__array":[5]}'),
		('_last_message', 'json', '{"name":7}'), ('_last_message_at', 'string', 'late'))`, "occupant people@conference.localhost/B makes no sense"},
	"list": {`UPDATE "prosody" SET "type"='json', "value"='{' WHERE "store"='persistent' AND "key"='%[1]s@conference.localhost'`,
		"The list of rooms cannot be read"},
	"list_text": {`INSERT INTO "prosody" VALUES ('conference.localhost', '', 'persistent', '@@%[1]s', 'string', 'x')`, "an entry that is no room: @@list_text"},
	"picture":   {`INSERT INTO "prosody" VALUES ('conference.localhost', '%[1]s', 'vcard_muc', 'name', 'number', '5')`, "The picture of picture@conference.localhost is damaged"},
}

// records are all rows of a room's record, for comparison.
func (i *installation) records(t *testing.T, room string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.data, "quatrain.sqlite")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, err := db.QueryContext(t.Context(), `SELECT "store" || ' ' || "key" || ' ' || "type" || ' ' || "value" FROM "prosody" WHERE "user"=? ORDER BY 1`, room)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var row string
		if err := found.Scan(&row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil || len(rows) == 0 {
		t.Fatalf("no record of room %q: %v", room, err)
	}
	return rows
}

// withGarden is an installation in which the sound room has been made.
func withGarden(t *testing.T, driver, runtime string) *installation {
	i := install(t, testConfig(t, "testdata/failing/plugins.toml", "DRIVER", driver)+runtime)
	p := i.start(t)
	p.play(t, "testdata/damaged/before.scs", nil)
	p.stop()
	return i
}

// playFor plays a script about a room. sound is how many rooms there are that can be read.
func (p *process) playFor(t *testing.T, file, room string, sound int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.playText(t, file, strings.NewReplacer("ROOM", room+"@conference.localhost", "SOUND", fmt.Sprint(sound)).Replace(string(text)), nil)
}

// TestDamagedRecords: whatever is done to a damaged room, its record stays as it is, and other rooms work.
func TestDamagedRecords(t *testing.T) { onTwins(t, testDamagedRecords) }

func testDamagedRecords(t *testing.T, runtime string) {
	i := withGarden(t, "sqlite", runtime)
	before := map[string][]string{}
	for room, fault := range lockingFaults {
		i.execute(t, fmt.Sprintf(copyOfGarden, room), fmt.Sprintf(fault, room))
		before[room] = i.records(t, room)
	}
	p := i.start(t)
	for room := range lockingFaults {
		p.playFor(t, "testdata/damaged/locked_out.scs", room, 1)
		if log := p.log.String(); !strings.Contains(log, "Room "+room+"@conference.localhost cannot be read") {
			t.Errorf("the log does not name room %q:\n%s", room, log)
		}
	}
	p.stop()
	for room := range lockingFaults {
		if after := i.records(t, room); !slices.Equal(before[room], after) {
			t.Errorf("room %q\nbefore: %q\nafter:  %q", room, before[room], after)
		}
	}
}

// TestSlightlyDamagedRecords: what matters little does not keep anybody out.
func TestSlightlyDamagedRecords(t *testing.T) { onTwins(t, testSlightlyDamagedRecords) }

func testSlightlyDamagedRecords(t *testing.T, runtime string) {
	for room, fault := range slightFaults {
		t.Run(room, func(t *testing.T) {
			t.Parallel()
			i := withGarden(t, "sqlite", runtime)
			i.execute(t, fmt.Sprintf(copyOfGarden, room), fmt.Sprintf(fault.statement, room))
			p := i.start(t)
			p.playFor(t, "testdata/damaged/goes_on.scs", room, 2)
			if log := p.log.String(); !strings.Contains(log, fault.log) {
				t.Errorf("the log does not say %q:\n%s", fault.log, log)
			}
		})
	}
}

// TestDamagedFiles is the same for Prosody's data directory.
func TestDamagedFiles(t *testing.T) { onTwins(t, testDamagedFiles) }

func testDamagedFiles(t *testing.T, runtime string) {
	i := withGarden(t, "internal", runtime)
	dir := filepath.Join(i.data, "conference%2elocalhost")
	faults := map[string]string{"torn": `return { _data = { persist`, "empty": ``, "other": `return 5`, "code": `return os.exit(1)`}
	list := `return { ["garden@conference.localhost"] = true; `
	for room, text := range faults {
		if err := os.WriteFile(filepath.Join(dir, "config", room+".dat"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		list += fmt.Sprintf(`["%s@conference.localhost"] = true; `, room)
	}
	for _, list := range []string{list + "}", list} {
		if err := os.WriteFile(filepath.Join(dir, "persistent.dat"), []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		p := i.start(t)
		p.play(t, "testdata/damaged/saved.scs", nil) // the list may be damaged as well
		for room, text := range faults {
			p.playFor(t, "testdata/damaged/locked_out.scs", room, 1)
			after, err := os.ReadFile(filepath.Join(dir, "config", room+".dat"))
			if err != nil || string(after) != text {
				t.Errorf("room %q: %q, %v", room, after, err)
			}
		}
		p.stop()
	}
}
