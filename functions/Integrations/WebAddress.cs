using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Integrations;

/// <summary>An address in a document that is to be called.</summary>
internal static class WebAddress
{
    private const int Longest = 2000;
    private const string Expected = "an address such as https://crm.example.com/hooks/leads, without a user name and a password";

    /// <summary>Null when it is missing or none, which is reported.</summary>
    public static Uri? Read(DocumentObject document, string field)
    {
        if (document.Text(field, Longest, required: true) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url is { Host.Length: > 0, UserInfo.Length: 0 })
        {
            return url;
        }

        document.Add(document.At(field), "This is not a web address that can be called.", Expected);
        return null;
    }
}
