/// Of the whole package.
public let platenVersion = "0.1.0"
