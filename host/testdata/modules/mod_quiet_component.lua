-- A component that does nothing.
if module:get_host_type() ~= "component" then
	error("this is a component");
end
