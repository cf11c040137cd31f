-- Who sees the occupants' real JIDs: moderators (semi-anonymous), or anyone (XEP-0045 #terms-rooms; M42, M53, M80).

local setting = module:require "setting";

local valid_whois = { moderators = true; anyone = true };

local methods = {};

function methods:get_whois()
	return self._data.whois or "moderators";
end

function methods:set_whois(whois)
	assert(valid_whois[whois], "whois is either moderators or anyone");
	if self:get_whois() == whois then return false; end
	self._data.whois = whois;
	return true;
end

setting.config_field {
	priority = 76; -- after moderated
	name = "muc#roomconfig_whois";
	type = "list-single";
	label = "Real addresses may be seen by";
	options = {
		{ value = "moderators"; label = "Moderators" };
		{ value = "anyone"; label = "Anyone" };
	};
	option = "whois";
	status = function (whois)
		return whois == "anyone" and "172" or "173";
	end;
};

module:hook("muc-disco#info", function (event)
	local is_open = event.room:get_whois() == "anyone";
	event.reply:tag("feature", { var = is_open and "muc_nonanonymous" or "muc_semianonymous" }):up();
end);

return methods;
