namespace LeadFunctions.Mail.Acs;

/// <summary>Settings under <c>LeadFunctions:Acs</c>: Azure Communication Services.</summary>
public sealed class AcsOptions
{
    /// <summary>Of the resource, such as <c>https://NAME.communication.azure.com</c>; empty where mail does not go by it.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Empty where the app's identity may send.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>What is wrong with them, for whoever reads the log of an app that will not start.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) || (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback))
        {
            yield return "Mail goes by Azure Communication Services: set LeadFunctions__Acs__Endpoint to the resource's address, such as https://NAME.communication.azure.com.";
        }

        if (!Convert.TryFromBase64String(AccessKey, new byte[AccessKey.Length], out _))
        {
            yield return "LeadFunctions__Acs__AccessKey is no key of Azure Communication Services; leave it empty to have the app's identity send.";
        }
    }
}
