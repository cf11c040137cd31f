package muccore

import (
	"fmt"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// What a stored room may look like. Who may do what, and who somebody is, is never guessed: a record that is wrong there locks the room
// until it is repaired. What concerns only how things look is put aside, with a warning, and the rest of the room works.

type valueCheck struct {
	key     string
	isValid func(v any) bool
}

func isText(v any) bool   { _, ok := v.(string); return ok }
func isFlag(v any) bool   { _, ok := v.(bool); return ok }
func isNumber(v any) bool { return typeOf(v) == "number" }

func isCount(v any) bool {
	n, ok := v.(float64)
	return ok && n >= 0
}

func among(values ...string) func(v any) bool {
	return func(v any) bool {
		for _, s := range values {
			if v == any(s) {
				return true
			}
		}
		return false
	}
}

func isRole(v any) bool {
	return among("none", "visitor", "participant", "moderator")(v)
}

func isRoleSet(v any) bool {
	t, ok := stored(v)
	for key, shown := range t {
		if !isRole(key) || !isFlag(shown) {
			return false
		}
	}
	return ok
}

// strictChecks are for the keys of _data that decide who may do what.
func strictChecks() []valueCheck {
	return []valueCheck{
		{"allow_member_invites", isFlag},
		{"archiving", isFlag},
		{"changesubject", isFlag},
		{"destroyed", isFlag},
		{"hidden", isFlag},
		{"locked", isNumber},
		{"members_only", isFlag},
		{"moderated", isFlag},
		{"occupant_id_salt", isText},
		{"password", isText},
		{"persistent", isFlag},
		{"whois", among("moderators", "anyone")},
	}
}

// lenientChecks are for those without which the room is as by default.
func lenientChecks() []valueCheck {
	return []valueCheck{
		{"allow_modpm", isFlag},
		{"allow_pm", among("visitor", "participant", "moderator", "affiliated", "none", "everyone", "participants", "moderators", "members")},
		{"default_history_messages", isCount},
		{"description", isText},
		{"history_length", isCount},
		{"language", isText},
		{"max_users", isCount},
		{"name", isText},
		{"newjid", isText},
		{"presence_broadcast", isRoleSet},
		{"reason", isText},
		{"subject", isText},
		{"subject_from", isText},
		{"subject_time", isNumber},
	}
}

func isAffiliation(v any) bool {
	return among("outcast", "none", "member", "admin", "owner")(v)
}

// isAffiliationKey tells whether a key of the newer layout is that of an affiliation. It has them between other things, and very old data
// the occupants, too (M181, M184).
func isAffiliationKey(key string) bool {
	_, _, resource := jid.Split(key)
	return !strings.HasPrefix(key, "_") && key != "jid" && resource == ""
}

func faultOfAffiliations(affiliations sdk.Data, mixed bool) string {
	for _, key := range sortedKeys(affiliations) {
		name, ok := key.(string)
		if !ok {
			return fmt.Sprintf("an affiliation belongs to %s", textOf(key))
		}
		if mixed && !isAffiliationKey(name) {
			continue
		}
		if !isAffiliation(affiliations[key]) {
			return fmt.Sprintf("the affiliation of %s is %s", name, textOf(affiliations[key]))
		}
	}
	return ""
}

func faultOfAffiliationData(all sdk.Data) string {
	for _, key := range sortedKeys(all) {
		data, ok := stored(all[key])
		if !ok {
			return fmt.Sprintf("the data of %s is no table", textOf(key))
		}
		if nick := data["reserved_nickname"]; nick != nil && !isText(nick) {
			return fmt.Sprintf("the reserved nickname of %s is no text", textOf(key))
		}
	}
	return ""
}

func faultOfData(data sdk.Data) string {
	for _, c := range strictChecks() {
		if v := data[c.key]; v != nil && !c.isValid(v) {
			return fmt.Sprintf("%s is %s", c.key, typeOf(v))
		}
	}
	return ""
}

// recordFault is what is wrong with a record so that the room must not be used, "" if nothing is.
func recordFault(record any) string {
	config, ok := stored(record)
	if !ok {
		return "it is no table"
	}
	data, ok := stored(config["_data"])
	if !ok {
		return "_data is missing or no table"
	}
	affiliations, isOld := stored(config["_affiliations"])
	if config["_affiliations"] != nil && !isOld {
		return "_affiliations is no table"
	}
	if !isOld {
		affiliations = config
	}
	all, ok := stored(config["_affiliation_data"])
	if config["_affiliation_data"] != nil && !ok {
		return "_affiliation_data is no table"
	}
	for _, fault := range []string{faultOfData(data), faultOfAffiliations(affiliations, !isOld), faultOfAffiliationData(all)} {
		if fault != "" {
			return fault
		}
	}
	return ""
}

func areHats(v any) bool {
	hats, ok := stored(v)
	for uri, hat := range hats {
		t, isTable := stored(hat)
		if !isText(uri) || !isTable || t["title"] != nil && !isText(t["title"]) {
			return false
		}
	}
	return ok
}

// mendRecord puts aside what makes no sense and matters little; warn is told of each. The record is sound (recordFault) and changed in place.
func mendRecord(roomJID string, config sdk.Data, warn func(text string)) {
	own := config["_jid"]
	if own == nil {
		own = config["jid"]
	}
	if own != any(roomJID) {
		warn(fmt.Sprintf("The record of room %s says that it is %s", roomJID, textOf(own)))
	}
	drop := func(place string, values sdk.Data, checks []valueCheck) {
		for _, c := range checks {
			if v := values[c.key]; v != nil && !c.isValid(v) {
				warn(fmt.Sprintf("Room %s: %s of %s makes no sense and is ignored", roomJID, c.key, place))
				delete(values, c.key)
			}
		}
	}
	data, _ := stored(config["_data"])
	drop("its configuration", data, lenientChecks())
	config["_data"] = data
	all, _ := stored(config["_affiliation_data"])
	for _, key := range sortedKeys(all) {
		values, _ := stored(all[key])
		drop(textOf(key), values, []valueCheck{{"hats", areHats}, {"reason", isText}})
		all[key] = values
	}
	if all != nil {
		config["_affiliation_data"] = all
	}
}
