if module:get_host_type() ~= "component" then
	error("this module is for components");
end
