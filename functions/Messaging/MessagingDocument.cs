using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Mail;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Messaging;

/// <summary>Reads the setting <c>messaging</c>.</summary>
internal static class MessagingDocument
{
    private const int MaxCaps = 10;
    private const int MaxProviders = 20;
    private const int MaxChannel = 64;
    private const int MaxText = 320;
    private const int MaxCeiling = 100_000_000;
    private const string CapShape = "a list of caps: {\"channel\": \"email\", \"max\": 3, \"per\": \"7d\", \"over\": \"wait\"}";

    private static readonly string[] Fields =
        ["consent", "softOptIn", "caps", "quietHours", "window", "late", "gather", "unknown", "from", "replyTo", "rate", "warmUp", "providers", "$schema"];

    /// <summary>All mistakes at once; null when there is one.</summary>
    public static (MessagingRules? Rules, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, Parse, error => (null, [error]));

    private static (MessagingRules? Rules, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) =>
        DocumentText.Read<(MessagingRules?, IReadOnlyList<DocumentError>)>(json, Read, error => (null, [error]));

    private static (MessagingRules? Rules, IReadOnlyList<DocumentError> Errors) Read(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Fields);
        _ = root.Text("$schema", MaxText); // for editors
        var rules = new MessagingRules(
            root.OneOf("consent", ["required", "notRefused"]) != "notRefused",
            root.Flag("softOptIn"),
            [.. root.Items("caps", CapShape, MaxCaps).Select(item => Cap(new DocumentObject(item.Json, item.Path, errors, ["channel", "max", "per", "over"]))).OfType<MessageCap>()],
            root.Has("quietHours") ? new DocumentObject(root.Members["quietHours"], "$.quietHours", errors, ["from", "to"]).Quiet() : null,
            root.Has("window") ? new DocumentObject(root.Members["window"], "$.window", errors, ["from", "to", "days"]).Window() : null,
            root.Duration("late"),
            Gather(root),
            root.OneOf("unknown", ["assumeSent", "sendAgain"]) == "sendAgain" ? WhenUnknown.SendAgain : WhenUnknown.AssumeSent)
        {
            From = Mailbox(root, "from"),
            ReplyTo = Mailbox(root, "replyTo"),
            Rate = Rate(root),
            WarmUp = Warm(root),
            Providers = Providers(root),
        };
        if (Arbiter.FindOpen(rules.Quiet, rules.Window, DateTimeZone.Utc, AnyDay) is null)
        {
            errors.Add(new("$.window", "It lies in the quiet hours: nothing would ever go out.", "a window that is open when it is not quiet") { IsForgivenIfStored = true });
        }

        return (DocumentError.Grave(errors) > 0 ? null : rules, errors);
    }

    private static readonly DateTimeOffset AnyDay = DateTimeOffset.UnixEpoch;

    private static MessageCap? Cap(DocumentObject reader)
    {
        var channel = reader.Text("channel", 64);
        var max = reader.Number("max", $"a whole number from 1 to {LeadMessages.TimesKept}", number => number >= 1 && number <= LeadMessages.TimesKept && number == Math.Floor(number), required: true);
        var per = reader.Duration("per", required: true);
        var over = reader.OneOf("over", ["skip", "wait"]);
        return max is { } most && per is { } length ? new(channel, (int)most, length, over == "wait") : null;
    }

    // Zero is no duration, and means here that nothing waits.
    private static TimeSpan Gather(DocumentObject root) =>
        root.Members.TryGetValue("gather", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() == "0s" ? TimeSpan.Zero
        : root.Duration("gather")?.Length ?? MessagingRules.UsualGather;

    private static string? Mailbox(DocumentObject root, string field)
    {
        if (root.Text(field, MaxText) is not { } text)
        {
            return null;
        }

        if (MailAddresses.Find(text) is null)
        {
            root.Errors.Add(new(root.At(field), "This is no sender.", MailAddresses.Expected) { IsForgivenIfStored = true }); // each mail says so then
        }

        return text;
    }

    private static Dictionary<string, ProviderPace> Providers(DocumentObject root)
    {
        const string shape = "an object of channels: {\"email\": {\"rate\": 14}, \"sms\": {\"rate\": 1}}";
        var providers = new Dictionary<string, ProviderPace>(StringComparer.Ordinal);
        if (root.Find("providers", shape) is not { } json)
        {
            return providers;
        }

        var channels = new DocumentObject(json, root.At("providers"), root.Errors, null);
        if (channels.Members.Count > MaxProviders)
        {
            channels.Add(channels.Path, $"There are {channels.Members.Count} channels.", $"at most {MaxProviders}");
        }

        foreach (var (channel, content) in channels.Members)
        {
            if (channel.Length is 0 or > MaxChannel)
            {
                channels.Add(channels.At(channel), "This is no channel.", $"1 to {MaxChannel} characters: email, webpush, or one that /api/channels serves");
            }

            var provider = new DocumentObject(content, channels.At(channel), root.Errors, ["rate", "warmUp"]);
            providers[channel] = new(Rate(provider), Warm(provider));
        }

        return providers;
    }

    private static double? Rate(DocumentObject owner) => owner.Number("rate", "messages a second: a number from 0.01 to 10000", number => number is >= 0.01 and <= 10_000);

    private static WarmUp? Warm(DocumentObject owner)
    {
        if (!owner.Has("warmUp"))
        {
            return null;
        }

        var reader = new DocumentObject(owner.Members["warmUp"], owner.At("warmUp"), owner.Errors, ["from", "start", "growth", "max"]);
        const string day = "a day: \"2026-01-31\"";
        LocalDate? from = null;
        if (reader.Find("from", day, required: true) is { } json)
        {
            if (json.ValueKind == JsonValueKind.String && LocalDatePattern.Iso.Parse(json.GetString()!) is { Success: true, Value: var date })
            {
                from = date;
            }
            else
            {
                reader.Add(reader.At("from"), $"{DocumentObject.Shown(json)} is no day.", day);
            }
        }

        var start = reader.Number("start", "messages on the first day: a whole number from 1", number => number is >= 1 and <= MaxCeiling && number == Math.Floor(number), required: true);
        var growth = reader.Number("growth", "a number from 1 to 10", number => number is >= 1 and <= 10) ?? 1.5;
        var max = reader.Number("max", $"a whole number from 1 to {MaxCeiling}", number => number is >= 1 and <= MaxCeiling && number == Math.Floor(number), required: true);
        return from is { } first && start is { } messages && max is { } most ? new(first, (int)messages, growth, (int)most) : null;
    }
}
