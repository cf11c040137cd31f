-- From what a command's handler returns to what the requester gets. What makes no sense is an error of the handler.

local st = require "util.stanza";

local cmdtag = module:require("adhoc").cmdtag;

local is_status = { executing = true; completed = true; canceled = true };
local note_types = { "info", "warn", "error" };
local actions_in_order = { "prev", "next", "complete" }; -- as the schema has them

-- A text, or a table as for errors.
local function text_of(note)
	if type(note) == "table" then
		note = note.message or note.text or note[1];
	end
	return note ~= nil and tostring(note) or nil;
end

local function add_notes(reply, result)
	for _, kind in ipairs(note_types) do
		local text = text_of(result[kind]);
		if text then
			reply:text_tag("note", text, { type = kind });
		end
	end
end

-- given: list of actions, and `default`, which "execute" means; nil for a command with one form. Returns the set of them.
local function add_actions(reply, command, given)
	given = given or { "complete"; default = "complete" };
	local wanted, allowed = {}, {};
	for _, action in ipairs(given) do
		wanted[action] = true;
	end
	for _, action in ipairs(actions_in_order) do
		allowed[action], wanted[action] = wanted[action], nil;
	end
	local unknown = next(wanted);
	if unknown then
		module:log("error", "Command %q has an action that does not exist: %s", command.node, unknown);
	end
	reply:tag("actions", { execute = allowed[given.default] and given.default or nil });
	for _, action in ipairs(actions_in_order) do
		if allowed[action] then
			reply:tag(action):up();
		end
	end
	reply:up();
	return allowed;
end

-- A form, or a form and the values to fill it with; or the element, from plugins that write forms in their own way.
local function add_form(reply, content, kind)
	if st.is_stanza(content) then
		reply:add_child(content);
	elseif content then
		reply:add_child((content.layout or content):form(content.values, kind));
	end
end

local function error_reply(stanza, err)
	if type(err) ~= "table" and type(err) ~= "string" then
		error("the status is error, without an error");
	end
	local fields = type(err) == "table" and err or {};
	return st.error_reply(stanza, {
		type = fields.type or "cancel";
		condition = fields.condition or "internal-server-error";
		text = text_of(err);
		extra = fields.extra;
	});
end

-- Returns the reply, and if the command goes on the set of actions that may come next.
return function (session, stanza, result, is_cancel)
	if type(result) ~= "table" then
		error("want a table from the handler, got "..type(result));
	elseif result.status == "error" then
		return error_reply(stanza, result.error);
	end
	local status = result.status or "executing";
	if not is_status[status] then
		error(("want the status executing, completed, canceled or error, got %q"):format(tostring(status)));
	end
	if is_cancel and status == "executing" then
		status, result = "canceled", {}; -- XEP-0050 #cancel: the responder MUST reply with the success of it
	end
	local command = session.command;
	local reply = cmdtag(command, status, session.id);
	local actions;
	if status == "executing" then
		actions = add_actions(reply, command, result.actions);
	end
	add_notes(reply, result);
	add_form(reply, result.form);
	add_form(reply, result.result, "result");
	if result.other then
		reply:add_child(result.other);
	end
	return st.reply(stanza):add_child(reply), actions;
end;
