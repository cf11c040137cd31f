module:hook("quiet-event", function () end);
