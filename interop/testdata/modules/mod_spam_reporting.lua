-- Debian's packages lack this module of the community, which watch_spam_reports depends on: what it fires when somebody who is blocked is
-- reported (XEP-0377), as far as the script needs it.
local kinds = { ["urn:xmpp:reporting:spam"] = "spam"; ["urn:xmpp:reporting:abuse"] = "abuse" };

module:depends "blocklist";

module:hook("iq-set/self/urn:xmpp:blocking:block", function (event)
	for item in event.stanza.tags[1]:childtags("item") do
		local report = item:get_child("report", "urn:xmpp:reporting:1");
		local kind = report and kinds[report.attr.reason];
		if kind then
			module:fire_event("spam_reporting/" .. kind .. "-report", {
				origin = event.origin; stanza = event.stanza; jid = item.attr.jid; reason = report:get_child_text("text");
			});
		end
	end
end, 1);
