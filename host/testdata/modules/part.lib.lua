from_part = "set by part";
return { name = function () return module.name; end };
