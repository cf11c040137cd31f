local jid = require "util.jid";
return { run = function (event) return jid.no_such_thing(event.session.full_jid); end };
