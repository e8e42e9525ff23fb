using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Forms;

namespace LeadFunctions.Exports;

/// <summary>How one advertising network takes addresses and telephone numbers.</summary>
internal sealed class Audience
{
    /// <summary>The topic of consent that it takes a yes to.</summary>
    public const string Purpose = "advertising";

    private const string Marketing = "marketing";

    // https://support.google.com/google-ads/answer/7659867 and https://www.facebook.com/business/help/2082575038703844
    private static readonly Audience[] All =
    [
        new("google", "Email,Phone", address => address is { Host: "gmail.com" or "googlemail.com" } ? address with { Name = address.Name.Split('+')[0].Replace(".", "", StringComparison.Ordinal) } : address, number => number),
        new("meta", "email,phone", address => address, number => number[1..]),
    ];

    private readonly Func<(string Name, string Host), (string Name, string Host)> _address;
    private readonly Func<string, string> _number;

    private Audience(string name, string header, Func<(string Name, string Host), (string Name, string Host)> address, Func<string, string> number) =>
        (Name, Header, _address, _number) = (name, header, address, number);

    public string Name { get; }

    public string Header { get; }

    public static Audience? Find(string? name) => Array.Find(All, one => one.Name == name);

    /// <summary>A plain yes to just this, and nothing that may be a no to it, to marketing, or to everything: in doubt nobody is shown.</summary>
    public static bool MayShow(ILeadFacts lead) =>
        TopicConsent.SaysYes(Purpose, lead) && TopicConsent.Refuse(Purpose, Purpose, lead) is null && TopicConsent.Refuse(Marketing, Purpose, lead) is null;

    /// <summary>Empty for whom there is nothing to find them by. Numbers count with their country's code alone: which country would be a guess.</summary>
    public string Row(string? email, string? phone)
    {
        var address = email is not null && EmailAddress.Normalise(email)?.ToLowerInvariant() is { } normal && normal.LastIndexOf('@') is > 0 and var at ? Hash(Joined(_address((normal[..at], normal[(at + 1)..])))) : "";
        var number = phone is not null && PhoneNumber.Normalise(phone, region: null) is { } international ? Hash(_number(international)) : "";
        return address.Length + number.Length == 0 ? "" : $"{address},{number}\r\n";
    }

    private static string Joined((string Name, string Host) address) => $"{address.Name}@{address.Host}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
