-- How new rooms are set up unless their owner says otherwise (M13, M29).

local defaults = {
	public = module:get_option_boolean("muc_room_default_public", false);
	persistent = module:get_option_boolean("muc_room_default_persistent", false);
	members_only = module:get_option_boolean("muc_room_default_members_only", false);
	allow_member_invites = module:get_option_boolean("muc_room_default_allow_member_invites", false);
	moderated = module:get_option_boolean("muc_room_default_moderated", false);
	whois = module:get_option_boolean("muc_room_default_public_jids", false) and "anyone" or "moderators";
	changesubject = module:get_option_boolean("muc_room_default_change_subject", false);
	historylength = module:get_option_number("muc_room_default_history_length", 20);
	language = module:get_option_string("muc_room_default_language");
	presence_broadcast = module:get_option("muc_room_default_presence_broadcast");
	allow_pm = module:get_option_string("muc_room_default_allow_pm", "visitor");
	allow_modpm = module:get_option_boolean("muc_room_default_always_allow_moderator_pms", false);
};

local methods = {};

-- language overrides the default one; it may be nil.
function methods:set_defaults(language)
	for name, value in pairs(defaults) do
		self["set_"..name](self, value);
	end
	if language then
		self:set_language(language);
	end
end

-- After the lock (10), before everything that the creator's presence asks for (0).
module:hook("muc-room-pre-create", function (event)
	event.room:set_defaults(event.stanza.attr["xml:lang"]);
end, 1);

return methods;
