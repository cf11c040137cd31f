-- The room's configuration (XEP-0045 #roomconfig, #createroom; M48–M54). The fields are the other facets' matter.

local st = require "util.stanza";
local new_form = require "util.dataforms".new;

local xmlns = module:require "xmlns";
local setting = module:require "setting";

setting.config_section(100, "About the room");
setting.config_section(90, "Access");
setting.config_section(80, "Permissions");
setting.config_section(70, "Other");

local methods = {};

-- actor: a real JID; not everybody may set everything.
function methods:get_form_layout(actor)
	local form = new_form {
		title = "Configuration of "..self.jid;
		instructions = "Fill in and submit this form to configure the room.";
		{ name = "FORM_TYPE"; type = "hidden"; value = xmlns.roomconfig };
	};
	return module:fire_event("muc-config-form", { room = self; actor = actor; form = form }) or form;
end

function methods:send_form(origin, stanza)
	local form = self:get_form_layout(stanza.attr.from):form();
	origin.send(st.reply(stanza):query(xmlns.owner):add_child(form));
end

local function is_option(field, value)
	for _, option in ipairs(field.options or {}) do
		if value == option or (type(option) == "table" and value == option.value) then
			return true;
		end
	end
	return false;
end

-- Whether something was chosen that the list does not offer.
local function has_other_than_options(field, value)
	if field.type == "list-single" then
		local is_taken = field.pattern and value and value:match("^"..field.pattern.."$");
		return value ~= nil and not is_taken and not is_option(field, value);
	elseif field.type == "list-multi" then
		for _, chosen in ipairs(value or {}) do
			if not is_option(field, chosen) then return true; end
		end
	end
	return false;
end

-- Reads a submission. Returns fields, which of them are present, and what is wrong, as a text, or nil.
local function read(layout, form)
	if form.tags[1] == nil then -- an instant room
		return {}, {}, nil;
	end
	local fields, errors, present = layout:data(form);
	local faults = {};
	for name, text in pairs(errors or {}) do
		faults[#faults + 1] = name..": "..text;
	end
	for _, field in ipairs(layout) do
		local option = field.synonyms and field.synonyms[fields[field.name]];
		if option then
			fields[field.name] = option;
		end
		if field.max_length and setting.is_too_long(fields[field.name], field.max_length) then
			faults[#faults + 1] = ("%s: more than %d characters"):format(field.name, field.max_length);
		end
		if present[field.name] and has_other_than_options(field, fields[field.name]) then
			faults[#faults + 1] = field.name..": none of the options";
		elseif field.type == "list-single" and fields[field.name] == nil then
			present[field.name] = nil; -- a choice that nobody has made
		end
	end
	if fields.FORM_TYPE ~= xmlns.roomconfig then
		faults[#faults + 1] = "FORM_TYPE: not a room configuration";
	end
	return fields, present, faults[1] and table.concat(faults, "; ");
end

local function new_event(room, origin, stanza, fields)
	local event = { room = room; origin = origin; stanza = stanza; fields = fields; status_codes = {}; actor = stanza.attr.from };
	-- For handlers: sets an option of the room if its field was submitted, differs and is in the set of allowed values (M178).
	function event.update_option(name, field, allowed)
		local value = fields[field];
		if value == nil or (allowed and not allowed[value]) or value == room["get_"..name](room) then return; end
		event.status_codes["104"] = true;
		room["set_"..name](room, value);
		return true;
	end
	return event;
end

-- In the order of the form, as one field may count on another: the default number of messages on how many are kept.
local function apply(event, layout, present)
	module:fire_event("muc-config-submitted", event);
	for _, field in ipairs(layout) do
		local name = field.name;
		if name and present[name] then
			event.field, event.value = name, event.fields[name];
			module:fire_event("muc-config-submitted/"..name, event);
		end
	end
	event.field, event.value = nil, nil;
end

-- XEP-0045 #roomconfig-notify
local function announce(room, status_codes)
	local codes = {};
	for code in pairs(status_codes) do
		codes[#codes + 1] = code;
	end
	if codes[1] == nil then return; end
	table.sort(codes);
	local message = st.message({ type = "groupchat"; from = room.jid }):tag("x", { xmlns = xmlns.user });
	for _, code in ipairs(codes) do
		message:tag("status", { code = code }):up();
	end
	room:broadcast_message(message:up());
end

local function submit(room, origin, stanza, form)
	local layout = room:get_form_layout(stanza.attr.from);
	local fields, present, faults = read(layout, form);
	if faults then
		origin.send(st.error_reply(stanza, "cancel", "bad-request", faults, room.jid));
		return true;
	end
	local event = new_event(room, origin, stanza, fields);
	local changed, err_type, condition = room:change_together(function ()
		apply(event, layout, present);
		room:save_later();
	end);
	if not changed then
		origin.send(st.error_reply(stanza, err_type, condition, nil, room.jid));
		return true;
	end
	origin.send(st.reply(stanza));
	announce(room, event.status_codes);
	return true;
end

-- XEP-0045 #createroom-reserved: who cancels the first configuration does not want the room.
local function cancel(room, origin, stanza)
	local destroyed, err_type, condition = true, nil, nil;
	if room:is_locked() then
		destroyed, err_type, condition = room:destroy();
	end
	origin.send(destroyed and st.reply(stanza)
		or st.error_reply(stanza, err_type or "cancel", condition or "not-allowed", nil, room.jid));
	return true;
end

function methods:process_form(origin, stanza)
	local form = stanza.tags[1]:get_child("x", xmlns.data);
	if form.attr.type == "cancel" then
		return cancel(self, origin, stanza);
	elseif form.attr.type == "submit" then
		return submit(self, origin, stanza, form);
	end
	origin.send(st.error_reply(stanza, "cancel", "bad-request", "A form is to be submitted or cancelled", self.jid));
	return true;
end

return methods;
