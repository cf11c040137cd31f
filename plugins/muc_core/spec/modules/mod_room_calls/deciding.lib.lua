-- Handlers of a room's events decide what happens. Each of these stands until unhook_deciding; the script sees the difference.

local st = require "util.stanza";
local dataforms = require "util.dataforms";

local same = module:require "same";

local checks = {};
local handlers = {};

local function decide(check, name, handler, priority)
	checks[check] = function ()
		module:hook(name, handler, priority or 100);
		table.insert(handlers, function ()
			module:unhook(name, handler);
		end);
	end;
end

function checks.unhook_deciding()
	for _, unhook in ipairs(handlers) do
		unhook();
	end
	handlers = {};
end

-- Changes from within: the room is in the middle of something.

decide("promote_on_join", "muc-occupant-joined", function (event)
	event.room:set_affiliation(true, event.occupant.bare_jid, "admin");
end);

decide("kick_on_join", "muc-occupant-joined", function (event)
	event.room:set_role(true, event.nick, nil, "Not today");
end);

decide("destroy_on_leave", "muc-occupant-left", function (event)
	if not event.room.destroying then
		event.room:destroy(nil, "Nobody may leave");
	end
end);

decide("member_before_join", "muc-occupant-pre-join", function (event)
	event.room:set_affiliation(true, event.occupant.bare_jid, "member");
	event.occupant.role = event.room:get_default_role("member");
end);

-- Answers and changed fields.

decide("refuse_restore", "muc-room-pre-restore", function (event)
	if event.jid == "garden@"..module.host then
		same(event.data._data.mod_data.number, 1);
		return false;
	end
end);

decide("role_by_default", "muc-get-default-role", function (event)
	if event.affiliation_rank == 0 then return "visitor"; end
end);

decide("refuse_room", "muc-room-pre-create", function (event)
	event.origin.send(st.error_reply(event.stanza, "wait", "resource-constraint", "Enough", event.room.jid));
	return true;
end);

decide("refuse_leave", "muc-occupant-pre-leave", function (event)
	event.origin.send(st.error_reply(event.stanza, "wait", "not-allowed"));
	return true;
end);

decide("force_nick", "muc-occupant-pre-change", function (event)
	if event.dest_occupant.nick ~= event.orig_occupant.nick then
		event.dest_occupant.nick = event.room.jid.."/Forced";
	end
end);

decide("refuse_destroy", "muc-pre-room-destroy", function (event)
	same({ event.newjid, event.reason, event.allowed }, { nil, "Winter", true });
	event.allowed, event.error = false, "auth";
end);

decide("change_destroy", "muc-pre-room-destroy", function (event)
	event.newjid, event.reason, event.password = "hall@"..module.host, "Spring", "sesame";
end);

decide("speak_as_room", "muc-occupant-groupchat", function (event)
	event.occupant = nil;
	event.stanza:text_tag("thread", "changed");
end, -1); -- Prosody's occupant ids (0) need to know whose they are.

decide("no_private", "muc-private-message", function (event)
	event.origin.send(st.error_reply(event.stanza, "cancel", "policy-violation"));
	return false;
end);

decide("remember_all", "muc-message-is-historic", function (event)
	return event.stanza:get_child("own", "urn:example:calls") ~= nil;
end);

decide("keep_elsewhere", "muc-add-history", function (event)
	event.room.mod_kept = event.stanza:get_child_text("body");
	return true;
end);

decide("own_history", "muc-get-history", function (event)
	same({ event.maxstanzas, event.maxchars, event.since }, { 7, 1000, 1262304000 });
	local left = 2;
	function event.next_stanza()
		left = left - 1;
		return left >= 0 and st.message({ type = "groupchat"; from = event.room.jid; to = event.to }, "Kept "..left) or nil;
	end
	return true;
end);

function checks.kept(room)
	same(room.mod_kept, "Remember me elsewhere");
	same(room._history, nil);
end

decide("refuse_invite", "muc-pre-invite", function (event)
	event.origin.send(st.error_reply(event.stanza, "auth", "not-authorized"));
	return true;
end);

decide("take_invite", "muc-invite", function (event)
	event.origin.send(st.reply(event.incoming):text_tag("body", "For "..event.stanza.attr.to));
	return true;
end);

decide("refuse_decline", "muc-pre-decline", function (event)
	event.origin.send(st.error_reply(event.stanza, "auth", "not-authorized"));
	return true;
end);

decide("take_decline", "muc-decline", function (event)
	event.origin.send(st.reply(event.incoming):text_tag("body", "For "..event.stanza.attr.to));
	return true;
end);

-- Whoever asks for voice has it, and moderators are not bothered.
decide("give_voice", "muc-voice-request", function (event)
	same(event.fields["muc#role"], "participant");
	event.room:set_role(true, event.occupant.nick, "participant");
end);

-- The configuration: a field of its own, another form, an option set in the room's own way.

decide("own_field", "muc-config-form", function (event)
	table.insert(event.form, { name = "own#field"; type = "text-single"; value = event.room._data.own_field });
end);
decide("own_field_submitted", "muc-config-submitted/own#field", function (event)
	same({ event.field, event.fields["own#field"] }, { "own#field", event.value });
	event.room._data.own_field = event.value;
	event.status_codes["199"] = true;
end);

decide("other_form", "muc-config-form", function (event)
	local form = dataforms.new { title = "Another"; { name = "FORM_TYPE"; type = "hidden"; value = "http://jabber.org/protocol/muc#roomconfig" } };
	for _, field in ipairs(event.form) do
		if field.name == "muc#roomconfig_roomname" then
			table.insert(form, field);
		end
	end
	return form;
end, -1000);

decide("update_option", "muc-config-submitted", function (event)
	same(event.update_option("description", "muc#roomconfig_roomname"), true);
	same(event.update_option("description", "muc#roomconfig_roomname"), nil);
	same(event.update_option("whois", "muc#roomconfig_roomname", { anyone = true }), nil);
	same(event.update_option("whois", "no#such_field"), nil);
end);

-- Disco, of the room and of a node of its own.

decide("disco", "muc-disco#info", function (event)
	event.reply:tag("feature", { var = "urn:example:calls" }):up();
	table.insert(event.form, { name = "own#info"; type = "text-single" });
	event.formdata["own#info"] = "Orchard";
end);
decide("disco_node", "muc-disco#info/urn:example:calls", function (event)
	event.reply:tag("identity", { category = "conference"; type = "x-own" }):up();
end);

-- Presences as they are built, for those who are there.

decide("build_presence", "muc-build-occupant-presence", function (event)
	event.stanza:text_tag("own", event.occupant.bare_jid, { xmlns = "urn:example:calls" });
end);

-- Registration: a field of its own, kept with the affiliation.

local own_question = { name = "own#question"; type = "text-single"; label = "Wherefore?" };
function checks.own_question()
	module:add_item("muc-registration-field", own_question);
	table.insert(handlers, function ()
		module:remove_item("muc-registration-field", own_question);
	end);
end
decide("own_answer", "muc-registration-submitted", function (event)
	event.affiliation_data.own_answer = event.submitted_data["own#question"];
end);
function checks.answered(room)
	same(room:get_affiliation_data("juliet@localhost", "own_answer"), "Because");
end

return function () return checks; end
