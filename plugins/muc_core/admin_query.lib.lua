-- Lists of people and changes to them (XEP-0045 #modifymember … #modifyowner, #kick, #ban, #grantvoice …; M137, M144, M169).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local jid_resource = require "util.jid".resource;
local resourceprep = require "util.encodings".stringprep.resourceprep;

local util = module:require "util";
local xmlns = module:require "xmlns";

local affiliation_ranks, role_ranks = util.valid_affiliations, util.valid_roles;

-- Reads an <item/>. Returns a change, or nil and the error's type, condition and text.
local function read_item(room, item)
	local change = { affiliation = item.attr.affiliation; role = item.attr.role; reason = item:get_child_text("reason") };
	if item.attr.jid then
		change.jid = jid_prep(item.attr.jid);
		if not change.jid or jid_resource(change.jid) and not change.role then
			return nil, "modify", "jid-malformed", "A bare JID is expected";
		end
	end
	if item.attr.nick == "" and change.affiliation and change.jid then
		change.unreserve = true; -- XEP-0045 #modifymember
	elseif item.attr.nick then
		change.nick = resourceprep(item.attr.nick);
		if not change.nick then
			return nil, "modify", "jid-malformed", "This nickname has characters that are not allowed";
		end
	end
	if change.affiliation and change.nick and not change.jid then
		-- COMPAT Some clients name the nick where XEP-0045 wants the JID. That reserves nothing.
		local occupant = room:get_occupant_by_nick(room.jid.."/"..change.nick);
		change.jid, change.nick = occupant and occupant.bare_jid, nil;
	elseif change.role and change.jid and not change.nick then
		local occupant_jid = room:get_occupant_jid(change.jid);
		change.nick = occupant_jid and jid_resource(occupant_jid);
	end
	return change;
end

-- What is kept with the affiliation already stays, unless the item says something else; but a reason is for one affiliation only.
local function new_data(room, change)
	local old = room:get_affiliation_data(change.jid) or {};
	local is_same = room:get_affiliation(change.jid) == change.affiliation;
	local reason = change.reason or (is_same and old.reason) or nil;
	local nick = change.nick or (not change.unreserve and old.reserved_nickname) or nil;
	if nick == old.reserved_nickname and reason == old.reason then return nil; end
	local data = {};
	for key, value in pairs(old) do
		data[key] = value;
	end
	data.reserved_nickname, data.reason = nick, reason;
	return data;
end

-- Returns true, or nil and the error's type and condition.
local function apply(room, actor, change)
	if change.affiliation and change.jid and not change.role then
		return room:set_affiliation(actor, change.jid, change.affiliation, change.reason, new_data(room, change));
	elseif change.role and change.nick and not change.affiliation then
		return room:set_role(actor, room.jid.."/"..change.nick, change.role, change.reason);
	end
	return nil, "cancel", "bad-request";
end

local function refuse(room, origin, stanza, err_type, condition, text)
	origin.send(st.error_reply(stanza, err_type, condition, text, room.jid));
	return true;
end

-- Clients show the condition alone where there is no text, and by that nobody knows whose conflict it is.
local function text_for(actor, change, condition)
	if condition == "item-not-found" then
		return "Nobody here has this nickname";
	elseif condition == "not-allowed" then
		return change.role and "You may not change this person's role so" or "You may not change this person's affiliation so";
	elseif condition == "conflict" then
		return change.jid == jid_bare(actor) and "A room needs an owner" or "This nickname is reserved for somebody else";
	end
end

-- All or none. Each has to be possible after those before it. Returns true, or nil and the error's type, condition and text.
local function apply_all(room, actor, changes)
	return room:change_together(function ()
		for _, change in ipairs(changes) do
			local ok, err_type, condition = apply(room, actor, change);
			if not ok then return false, err_type, condition, text_for(actor, change, condition); end
		end
	end);
end

local methods = {};

-- All items are read before the first one is applied, so that a malformed one changes nothing.
function methods:handle_admin_query_set_command(origin, stanza)
	local changes = {};
	for item in stanza.tags[1]:childtags("item") do
		local change, err_type, condition, text = read_item(self, item);
		if not change then
			return refuse(self, origin, stanza, err_type, condition, text);
		end
		changes[#changes + 1] = change;
	end
	if not changes[1] then
		return refuse(self, origin, stanza, "cancel", "bad-request");
	end
	local ok, err_type, condition, text = apply_all(self, stanza.attr.from, changes);
	if not ok then
		return refuse(self, origin, stanza, err_type, condition, text);
	end
	origin.send(st.reply(stanza));
	return true;
end

-- M144. Members of a room in which everybody is known may know everybody.
local function may_list_affiliation(room, actor, affiliation)
	local rank = affiliation_ranks[room:get_affiliation(actor) or "none"];
	if rank >= affiliation_ranks.admin and rank >= affiliation_ranks[affiliation] then
		return true;
	end
	return room:get_members_only() and room:get_whois() == "anyone" and rank >= affiliation_ranks.member;
end

local function may_list_roles(room, actor)
	local role = room:get_role(room:get_occupant_jid(actor)) or room:get_default_role(room:get_affiliation(actor));
	return role == "moderator";
end

local function list_affiliation(room, reply, affiliation)
	for jid, _, data in room:each_affiliation(affiliation) do
		reply:tag("item", { affiliation = affiliation; jid = jid; nick = data and data.reserved_nickname });
		if data and data.reason then
			reply:text_tag("reason", data.reason);
		end
		reply:up();
	end
end

local function list_role(room, reply, role)
	for occupant_jid, occupant in room:each_occupant() do
		if (occupant.role or "none") == role then
			room:build_item_list(occupant, reply, false, jid_resource(occupant_jid));
		end
	end
end

function methods:handle_admin_query_get_command(origin, stanza)
	local actor, item = stanza.attr.from, stanza.tags[1]:get_child("item");
	local affiliation, role = item and item.attr.affiliation, item and item.attr.role;
	local reply = st.reply(stanza):query(xmlns.admin);
	if affiliation_ranks[affiliation or ""] and not role then
		if not may_list_affiliation(self, actor, affiliation) then
			return refuse(self, origin, stanza, "auth", "forbidden");
		end
		list_affiliation(self, reply, affiliation);
	elseif role_ranks[role or ""] and not affiliation then
		if not may_list_roles(self, actor) then
			return refuse(self, origin, stanza, "auth", "forbidden");
		end
		list_role(self, reply, role);
	else
		return refuse(self, origin, stanza, "cancel", "bad-request");
	end
	origin.send(reply);
	return true;
end

return methods;
