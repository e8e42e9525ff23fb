using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Kinds of value that journeys write beside those of all documents. Each reports what is wrong with it.</summary>
internal static class DocumentReads
{
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static TimeOnly? Time(this DocumentObject reader, string field, bool required = false)
    {
        const string expected = "a time of day: \"09:00\"";
        if (reader.Find(field, expected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && TimeOnly.TryParseExact(json.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        reader.Add(reader.At(field), $"{DocumentObject.Shown(json)} is not a time of day.", expected);
        return null;
    }

    public static IReadOnlyList<DayOfWeek> Days(this DocumentObject reader)
    {
        const string expected = "a list of mon, tue, wed, thu, fri, sat, sun";
        if (!reader.Has("days"))
        {
            return LocalTimes.EveryDay;
        }

        var days = new List<DayOfWeek>();
        foreach (var (json, path) in reader.Items("days", expected, 7))
        {
            var day = json.ValueKind == JsonValueKind.String ? Array.IndexOf(DayNames, json.GetString()) : -1;
            if (day < 0)
            {
                reader.Add(path, $"{DocumentObject.Shown(json)} is not a day.", "one of mon, tue, wed, thu, fri, sat, sun");
            }
            else
            {
                days.Add((DayOfWeek)day);
            }
        }

        if (days.Count == 0 && reader.Members["days"] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            reader.Add(reader.At("days"), "There are no days.", expected);
        }

        return days.Count > 0 ? [.. days.Distinct()] : LocalTimes.EveryDay;
    }

    /// <summary>Of an object with <c>from</c> and <c>to</c>.</summary>
    public static QuietHours? Quiet(this DocumentObject reader)
    {
        var (from, to) = (reader.Time("from", required: true), reader.Time("to", required: true));
        if (from is { } start && start == to)
        {
            reader.Add(reader.At("to"), "Quiet hours that end when they begin leave no time to send anything.", "another time than \"from\"");
        }

        return from is { } begins && to is { } ends ? new(begins, ends) : null;
    }

    /// <summary>Of an object with <c>from</c>, <c>to</c> and perhaps <c>days</c>.</summary>
    public static Window? Window(this DocumentObject reader)
    {
        var (from, to, days) = (reader.Time("from", required: true), reader.Time("to", required: true), reader.Days());
        return from is { } opens && to is { } closes ? new(opens, closes, days) : null;
    }

    public static JsonElement Object(this DocumentObject reader, string field, bool required = false)
    {
        if (reader.Find(field, "an object", required) is not { } json)
        {
            return default;
        }

        if (json.ValueKind == JsonValueKind.Object && (!required || json.EnumerateObject().Any()))
        {
            return json.Clone();
        }

        reader.Add(reader.At(field), json.ValueKind == JsonValueKind.Object ? "This is empty." : $"This is {DocumentObject.KindOf(json)}.", "an object with at least one member");
        return default;
    }

    public static bool Flag(this DocumentObject reader, string field)
    {
        if (reader.Find(field, "true or false") is not { } json)
        {
            return false;
        }

        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            reader.Add(reader.At(field), $"This is {DocumentObject.Shown(json)}.", "true or false");
        }

        return json.ValueKind == JsonValueKind.True;
    }

    public static string? OneOf(this DocumentObject reader, string field, IReadOnlyList<string> values, bool required = false)
    {
        var expected = $"one of {string.Join(", ", values.Select(value => $"\"{value}\""))}";
        if (reader.Find(field, expected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && values.Contains(json.GetString()))
        {
            return json.GetString();
        }

        reader.Errors.Add(new(reader.At(field), $"This is {DocumentObject.Shown(json)}.", expected));
        return null;
    }

    public static IEnumerable<(string Name, JsonElement Value)> MembersOf(this JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Select(member => (member.Name, member.Value)) : [];
}
