using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LeadFunctions.Events;

namespace LeadFunctions.Forms;

/// <summary>A kind of file that forms may take.</summary>
/// <param name="Name">As documents name it, and as it ends when it is kept.</param>
/// <param name="Endings">What its name may end with, in lower case.</param>
/// <param name="Begins">How it begins; empty: as text, without zero bytes.</param>
internal sealed record FileKind(string Name, IReadOnlyList<string> Endings, byte[] Begins)
{
    private static readonly byte[] Zip = "PK\u0003\u0004"u8.ToArray();

    /// <summary>Nothing that a browser or an office program would run: of office files those without macros.</summary>
    public static readonly IReadOnlyList<FileKind> All =
    [
        new("pdf", [".pdf"], "%PDF-"u8.ToArray()),
        new("png", [".png"], [0x89, .. "PNG\r\n\u001a\n"u8]),
        new("jpg", [".jpg", ".jpeg"], [0xff, 0xd8, 0xff]),
        new("docx", [".docx"], Zip),
        new("xlsx", [".xlsx"], Zip),
        new("odt", [".odt"], Zip),
        new("txt", [".txt"], []),
        new("csv", [".csv"], []),
    ];

    public bool Fits(string fileName, ReadOnlySpan<byte> content) => Endings.Any(ending => fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        && (Begins.Length > 0 ? content.StartsWith(Begins) : !content.Contains((byte)0));
}

/// <param name="Most">Bytes.</param>
internal sealed record FileRule(IReadOnlyList<FileKind> Kinds, int Most)
{
    public static readonly IReadOnlyList<string> Usual = ["pdf", "png", "jpg"];

    public const int UsualKilobytes = 5 * 1024;
    public const int MostKilobytes = 10 * 1024;

    /// <summary>Of all fields of a form together: it is in memory while it is looked at.</summary>
    public const int MostInAllKilobytes = 20 * 1024;
}

/// <summary>A file as it was sent.</summary>
/// <param name="Name">As the sender's machine called it; nothing of it becomes a path.</param>
internal sealed record SentFile(string Name, ReadOnlyMemory<byte> Content)
{
    private const int LongestName = 100;

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Content.Span));

    /// <summary>What the event tells of it; or what is wrong with it. Neither: nobody chose one.</summary>
    public static (JsonNode? Value, string? Fault) Read(FormField field, SentFile? file, FormTexts texts)
    {
        if (file is null || field.Files is not { } rule)
        {
            return (null, null);
        }

        if (file.Content.Length > rule.Most)
        {
            return (null, FormTexts.With(texts.FileTooLarge, rule.Most / 1024));
        }

        return rule.Kinds.FirstOrDefault(kind => kind.Fits(file.Name, file.Content.Span)) is { } fitting && file.Content.Length > 0
            ? (new JsonObject { ["name"] = Shown(file.Name), ["kind"] = fitting.Name, ["bytes"] = file.Content.Length }, null)
            : (null, FormTexts.With(texts.WrongFile, string.Join(", ", rule.Kinds.Select(kind => kind.Name))));
    }

    /// <summary>Without the folders that some browsers tell, and what is no text.</summary>
    private static string Shown(string name) => EventText.Cut(FieldReading.Clean(name[(name.LastIndexOfAny(['/', '\\']) + 1)..], isMultiline: false), LongestName);
}
