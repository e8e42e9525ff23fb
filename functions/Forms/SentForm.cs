namespace LeadFunctions.Forms;

/// <summary>What was sent, before anybody has looked at it: each field's values as text.</summary>
internal sealed record SentForm(IReadOnlyDictionary<string, IReadOnlyList<string>> Values)
{
    /// <summary>What the page sends beside the answers: the browser's id, where it was shown, its language, and the ticket that it was shown with.</summary>
    public const string AnonymousId = "anonymousId";
    public const string Page = "_page";
    public const string Language = "_lang";
    public const string Ticket = "_ticket";
    public const string Embedded = "_embed";

    /// <summary>By field.</summary>
    public IReadOnlyDictionary<string, SentFile> Files { get; init; } = new Dictionary<string, SentFile>();

    private const int LongestPage = 1_000;

    public IReadOnlyList<string> All(string name) => Values.GetValueOrDefault(name) ?? [];

    public string? First(string name) => All(name) is [var first, ..] ? first : null;

    /// <summary>Where it was shown; null when nobody said, or it is no page of a site.</summary>
    public string? PageUrl =>
        First(Page) is { Length: > 0 and <= LongestPage } page && Uri.TryCreate(page, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo.Length: 0 } ? uri.AbsoluteUri : null;

    /// <summary>The same for the same answers, in whatever order they came. What the page sends beside them counts as well, less what two tries may differ in.</summary>
    public string Canonical(Form form) => string.Join('\n',
        from field in form.Document.Fields
        from value in field.Kind == FieldKind.Attachment ? Files.TryGetValue(field.Name, out var file) ? [file.Hash] : [] : All(field.Name)
        select $"{field.Name}={value.Length}:{value}");
}
