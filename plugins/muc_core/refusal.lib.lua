-- Errors to those who want to enter (XEP-0045 #enter-pw and the other refusals there; M63). As in its examples they have the <x/> of the
-- request: some clients know by it that entering has failed, and without it wait for ever (profanity 0.13).

local st = require "util.stanza";

local xmlns = module:require "xmlns";

-- Like st.error_reply(), for any stanza.
return function (stanza, ...)
	local reply = st.error_reply(stanza, ...);
	if stanza.name == "presence" and stanza:get_child("x", xmlns.muc) then
		reply:reset():tag("x", { xmlns = xmlns.muc }):up();
	end
	return reply;
end
