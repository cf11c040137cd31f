package muccore

import (
	"reflect"
	"strings"
	"testing"

	"quatrain/sdk"
)

// sound is a record without faults in the newer layout.
func sound(data, more sdk.Data) sdk.Data {
	config := sdk.Data{"_jid": "garden@rooms.example", "_data": data, "_affiliation_data": sdk.Data{}, "romeo@localhost": "owner"}
	for k, v := range more {
		config[k] = v
	}
	return config
}

func TestRecordFault(t *testing.T) {
	tests := []struct {
		name   string
		record any
		fault  string
	}{
		{"sound", sound(sdk.Data{"persistent": true, "password": "x", "locked": 5.0}, nil), ""},
		{"older layout", sdk.Data{"jid": "x", "_data": sdk.Data{}, "_affiliations": sdk.Data{"romeo@localhost": "owner"}}, ""},
		{"occupants within", sound(sdk.Data{}, sdk.Data{"garden@rooms.example/Romeo": sdk.Data{"bare_jid": "x"}}), ""},
		{"empty list as table", sound(sdk.Data{}, sdk.Data{"_affiliation_data": []any{}}), ""},
		{"text", "x", "it is no table"},
		{"no data", sdk.Data{"_jid": "x"}, "_data is missing or no table"},
		{"flag", sound(sdk.Data{"members_only": "perhaps"}, nil), "members_only is string"},
		{"password", sound(sdk.Data{"password": 5.0}, nil), "password is number"},
		{"salt", sound(sdk.Data{"occupant_id_salt": sdk.Data{}}, nil), "occupant_id_salt is table"},
		{"affiliation", sound(sdk.Data{}, sdk.Data{"juliet@localhost": "emperor"}), "the affiliation of juliet@localhost is emperor"},
		{"affiliation of a kind", sound(sdk.Data{}, sdk.Data{"juliet@localhost": 3.0}), "the affiliation of juliet@localhost is 3"},
		{"whose affiliation", sound(sdk.Data{}, sdk.Data{7.0: "owner"}), "an affiliation belongs to 7"},
		{"reservations", sound(sdk.Data{}, sdk.Data{"_affiliation_data": true}), "_affiliation_data is no table"},
		{"reservation", sound(sdk.Data{}, sdk.Data{"_affiliation_data": sdk.Data{"j@x": 5.0}}), "the data of j@x is no table"},
		{"nick", sound(sdk.Data{}, sdk.Data{"_affiliation_data": sdk.Data{"j@x": sdk.Data{"reserved_nickname": 5.0}}}), "the reserved nickname of j@x is no text"},
		{"affiliations", sdk.Data{"_data": sdk.Data{}, "_affiliations": "x"}, "_affiliations is no table"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := recordFault(tt.record); got != tt.fault {
				t.Errorf("got %q, want %q", got, tt.fault)
			}
		})
	}
}

func TestMendRecord(t *testing.T) {
	config := sound(sdk.Data{"persistent": true, "name": 5.0, "history_length": -1.0, "allow_pm": "members"}, sdk.Data{
		"_affiliation_data": sdk.Data{"j@x": sdk.Data{"reserved_nickname": "J", "hats": "tall", "reason": "so"}},
	})
	var warned []string
	mendRecord("hall@rooms.example", config, func(text string) { warned = append(warned, text) })
	if want := (sdk.Data{"persistent": true, "allow_pm": "members"}); !reflect.DeepEqual(config["_data"], want) {
		t.Errorf("_data is %v, want %v", config["_data"], want)
	}
	want := sdk.Data{"j@x": sdk.Data{"reserved_nickname": "J", "reason": "so"}}
	if !reflect.DeepEqual(config["_affiliation_data"], want) {
		t.Errorf("_affiliation_data is %v, want %v", config["_affiliation_data"], want)
	}
	if text := strings.Join(warned, "\n"); len(warned) != 4 || !strings.Contains(text, "says that it is garden@rooms.example") ||
		!strings.Contains(text, "hats of j@x makes no sense") {
		t.Errorf("warned:\n%s", text)
	}
}
