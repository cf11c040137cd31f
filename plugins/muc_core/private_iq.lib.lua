-- Requests from one occupant to another, and the room's own answer to self-pings (XEP-0045 #impl-service-iq, XEP-0410; M134a, M134b).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local base64 = require "util.encodings".base64;
local hmac_sha256 = require "util.hashes".hmac_sha256;

local xmlns = module:require "xmlns";

-- These ask about the person, not the client: the account answers, so that avatars work through the room.
local account_namespaces = { [xmlns.vcard] = true; [xmlns.pubsub] = true; [xmlns.vcard4] = true };

-- Proves that a request came from this session, without the room remembering it.
local function proof(room, full_jid)
	return hmac_sha256(room:get_salt(), full_jid):sub(1, 8);
end

local function encode_id(room, recipient_jid, id, sender_jid)
	return base64.encode(recipient_jid.."\0"..id.."\0"..proof(room, sender_jid));
end

-- Returns the recipient's full JID, the original id and the proof; nil if it is none of our ids.
local function decode_id(id)
	local text = base64.decode(id);
	if not text then return nil; end
	local first = text:find("\0", 1, true);
	local second = first and text:find("\0", first + 1, true);
	if not second then return nil; end
	return text:sub(1, first - 1), text:sub(first + 1, second - 1), text:sub(second + 1);
end

local function session_with_proof(room, occupant, expected)
	for full_jid in occupant:each_session() do
		if proof(room, full_jid) == expected then
			return full_jid;
		end
	end
end

-- Sends it with other addresses and puts the old ones back.
local function relay(room, stanza, from, to, id)
	local attr = stanza.attr;
	local old_from, old_to, old_id = attr.from, attr.to, attr.id;
	attr.from, attr.to, attr.id = from, to, id;
	room:route_stanza(stanza);
	attr.from, attr.to, attr.id = old_from, old_to, old_id;
	return true;
end

local function handle_reply(room, stanza, occupant)
	local from = stanza.attr.from;
	local asked_jid, id, expected = decode_id(stanza.attr.id);
	if not occupant or not asked_jid or (from ~= asked_jid and from ~= jid_bare(asked_jid)) then return; end
	local from_occupant_jid = room:get_occupant_jid(asked_jid);
	local to = session_with_proof(room, occupant, expected);
	if from_occupant_jid and to then
		return relay(room, stanza, from_occupant_jid, to, id);
	end
end

local function handle_request(room, origin, stanza, occupant)
	local from = stanza.attr.from;
	local sender_jid = room:get_occupant_jid(from);
	if not sender_jid then
		origin.send(st.error_reply(stanza, "cancel", "not-acceptable", "You are not in this room", room.jid));
		return true;
	elseif not occupant then
		origin.send(st.error_reply(stanza, "cancel", "item-not-found", "Nobody here has this nickname", room.jid));
		return true;
	elseif stanza.attr.to == sender_jid and stanza.attr.type == "get" and stanza:get_child("ping", xmlns.ping) then
		room:route_stanza(st.reply(stanza));
		return true;
	end
	local to, payload = occupant.jid, stanza.tags[1];
	local id = encode_id(room, to, stanza.attr.id, from);
	if payload and account_namespaces[payload.attr.xmlns] then
		to = jid_bare(to);
	end
	return relay(room, stanza, sender_jid, to, id);
end

local methods = {};

function methods:handle_iq_to_occupant(origin, stanza)
	if not stanza.attr.id then return; end -- other servers may send such
	local kind, occupant = stanza.attr.type, self:get_occupant_by_nick(stanza.attr.to);
	if kind == "result" or kind == "error" then
		return handle_reply(self, stanza, occupant);
	end
	return handle_request(self, origin, stanza, occupant);
end

return methods;
