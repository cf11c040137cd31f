local store = module:open_store("things");
module:add_feature("urn:example:plain");
module:provides("example");
module:depends("disco");
module:hook("iq-get/host/urn:example:plain:query", function (event) return store:get(event.origin.username) ~= nil; end);
