-- What a stored room may look like. Who may do what, and who somebody is, is never guessed: a record that is wrong there locks the room
-- until it is repaired. What concerns only how things look is put aside, with a warning, and the rest of the room works.

local jid_split = require "util.jid".split;

local util = module:require "util";

local affiliation_ranks = util.valid_affiliations;

local function is(kind)
	return function (value) return type(value) == kind; end;
end

local function one_of(values)
	return function (value) return values[value] ~= nil; end;
end

local function is_count(value)
	return type(value) == "number" and value >= 0;
end

local function is_role_set(value)
	if type(value) ~= "table" then return false; end
	for key, shown in pairs(value) do
		if not (util.valid_roles[key] and type(shown) == "boolean") then return false; end
	end
	return true;
end

-- Keys of _data that decide who may do what.
local strict = {
	password = is "string";
	members_only = is "boolean";
	allow_member_invites = is "boolean";
	moderated = is "boolean";
	hidden = is "boolean";
	persistent = is "boolean";
	changesubject = is "boolean";
	archiving = is "boolean";
	whois = one_of { moderators = 1; anyone = 1 };
	occupant_id_salt = is "string";
	locked = is "number";
	destroyed = is "boolean";
};

-- Keys of _data without which the room is as by default.
local lenient = {
	name = is "string";
	description = is "string";
	language = is "string";
	subject = is "string";
	subject_from = is "string";
	subject_time = is "number";
	history_length = is_count;
	default_history_messages = is_count;
	presence_broadcast = is_role_set;
	max_users = is_count;
	allow_pm = one_of {
		visitor = 1; participant = 1; moderator = 1; affiliated = 1; none = 1;
		everyone = 1; participants = 1; moderators = 1; members = 1;
	};
	allow_modpm = is "boolean";
	reason = is "string";
	newjid = is "string";
};

local function fault_of_affiliations(affiliations, is_mixed)
	for jid, affiliation in pairs(affiliations) do
		if type(jid) ~= "string" then
			return ("an affiliation belongs to %s"):format(tostring(jid));
		end
		local _, _, resource = jid_split(jid);
		-- The newer layout has them between other things, and very old data the occupants, too (M181, M184).
		local is_other = is_mixed and (jid:sub(1, 1) == "_" or jid == "jid" or resource ~= nil);
		if not is_other and affiliation_ranks[affiliation] == nil then
			return ("the affiliation of %s is %s"):format(jid, tostring(affiliation));
		end
	end
end

local function fault_of_affiliation_data(all)
	for jid, data in pairs(all) do
		if type(data) ~= "table" then
			return ("the data of %s is no table"):format(tostring(jid));
		elseif data.reserved_nickname ~= nil and type(data.reserved_nickname) ~= "string" then
			return ("the reserved nickname of %s is no text"):format(tostring(jid));
		end
	end
end

local function fault_of_data(data)
	for key, is_valid in pairs(strict) do
		if data[key] ~= nil and not is_valid(data[key]) then
			return ("%s is %s"):format(key, type(data[key]));
		end
	end
end

-- What is wrong with a record, as a text, so that the room must not be used; nil if nothing is.
local function fault(config)
	if type(config) ~= "table" then
		return "it is no table";
	elseif type(config._data) ~= "table" then
		return "_data is missing or no table";
	elseif config._affiliations ~= nil and type(config._affiliations) ~= "table" then
		return "_affiliations is no table";
	elseif config._affiliation_data ~= nil and type(config._affiliation_data) ~= "table" then
		return "_affiliation_data is no table";
	end
	return fault_of_data(config._data)
		or fault_of_affiliations(config._affiliations or config, not config._affiliations)
		or fault_of_affiliation_data(config._affiliation_data or {});
end

local function are_hats(hats)
	if type(hats) ~= "table" then return false; end
	for uri, hat in pairs(hats) do
		if type(uri) ~= "string" or type(hat) ~= "table" or type(hat.title or "") ~= "string" then return false; end
	end
	return true;
end

local of_affiliation = { reason = is "string"; hats = are_hats };

local function drop_invalid(jid, place, values, checks)
	for key, is_valid in pairs(checks) do
		if values[key] ~= nil and not is_valid(values[key]) then
			module:log("warn", "Room %s: %s of %s makes no sense and is ignored", jid, key, place);
			values[key] = nil;
		end
	end
end

-- Puts aside what makes no sense and matters little.
local function mend(jid, config)
	local own_jid = config._jid or config.jid;
	if own_jid ~= jid then
		module:log("warn", "The record of room %s says that it is %s", jid, tostring(own_jid));
	end
	drop_invalid(jid, "its configuration", config._data, lenient);
	for bare_jid, data in pairs(config._affiliation_data or {}) do
		drop_invalid(jid, tostring(bare_jid), data, of_affiliation);
	end
end

return { fault = fault, mend = mend };
