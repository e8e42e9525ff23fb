using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Segments;

namespace LeadFunctions.Imports.Rows;

/// <summary>What one row becomes.</summary>
/// <param name="Events">Empty when anything is wrong with it: a row is taken whole or not at all.</param>
internal sealed record ReadRow(IReadOnlyList<LeadEvent> Events, IReadOnlyList<RowFault> Faults);

/// <summary>
/// Makes events of rows, by the same steps that events of sites and servers go through (<see cref="IngestSteps"/>). A row's events bear the same ids whenever it is read, so that it may be read again.
/// </summary>
/// <param name="key">Stands for the text and what its columns mean.</param>
/// <param name="at">When what the rows say was told, where they do not say when it was so.</param>
/// <param name="isDecided">Whether a segment of this name has conditions: nobody is put into it.</param>
internal sealed class RowEvents(ImportMapping mapping, IReadOnlyList<string> header, string key, DateTimeOffset at, Func<string, bool> isDecided)
{
    public const string SourceId = "import";

    private static readonly Source Imported = Source.Default with { Id = SourceId, Name = "Import", IsPeople = true, EventsPerSecond = 0, DropBots = false, RespectPrivacySignals = false };

    private static readonly char[] ListSeparators = [';', ',', '|'];

    private readonly (MappedColumn Column, int Place)[] _columns =
        [.. mapping.Columns.Where(column => column.Role != ColumnRole.Ignore).Select(column => (column, header.ToList().IndexOf(column.Column)))];

    private readonly ToldPerson _told = new(new(Imported, Guid.Empty, at));

    /// <param name="number">Of the row, from 1.</param>
    public ReadRow Read(CsvRow row, long number)
    {
        var read = new RowInHand(row, number);
        if (row.Cells.Length > header.Count && row.Cells.Skip(header.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
        {
            read.Fault(null, $"The row has {row.Cells.Length} cells.", $"at most {header.Count}, as the header has; a cell with the separator in it stands in quotes");
            return new([], read.Faults);
        }

        foreach (var (column, place) in _columns)
        {
            var text = place >= 0 && place < row.Cells.Length ? CellGuard.Unguard(row.Cells[place].Trim()) : "";
            if (text.Length > 0)
            {
                Take(column, text, read);
            }
        }

        if (read.UserId is null && read.Email is null && read.Faults.Count == 0)
        {
            read.Fault(null, "The row does not say who the person is.", "an e-mail address or a user id");
        }

        if (read.Faults.Count == 0)
        {
            Tell(read);
        }

        return new(read.Faults.Count == 0 ? read.Events : [], read.Faults);
    }

    private void Take(MappedColumn column, string text, RowInHand read)
    {
        switch (column.Role)
        {
            case ColumnRole.UserId:
                read.UserId = text;
                break;
            case ColumnRole.Email when EmailAddress.Normalise(text) is { } address:
                read.Email = address;
                break;
            case ColumnRole.Email:
                read.Fault(column, $"{Cells.Shown(text)} is no e-mail address.", "an address such as ann@example.com");
                break;
            case ColumnRole.Trait or ColumnRole.Property:
                if (Cells.Read(text, column.Format, out var fault) is { } value)
                {
                    Put(column.Role == ColumnRole.Trait ? read.Traits : read.Properties, column.Role == ColumnRole.Trait ? column.Name.Split('.') : [column.Name], value);
                }
                else
                {
                    read.Fault(column, fault!.Value.Message, fault.Value.Expected); // no value, so a fault
                }

                break;
            case ColumnRole.List:
                TakeLists(column, text, read);
                break;
            case ColumnRole.Consent:
                var said = Consent.Read(Value.From(text), column.IsRefusal);
                if (said is Said.Yes or Said.No)
                {
                    read.Answers[column.Channel is { } channel ? $"{column.Name}.{channel}" : column.Name] = said == Said.Yes;
                }
                else
                {
                    read.Fault(column, $"{Cells.Shown(text)} is neither yes nor no.", "yes or no, subscribed or unsubscribed, 1 or 0; nothing, if nobody asked");
                }

                break;
            case ColumnRole.Event:
                read.Event = text;
                break;
            case ColumnRole.Timestamp:
                TakeTime(column, text, read);
                break;
        }
    }

    private void TakeTime(MappedColumn column, string text, RowInHand read)
    {
        DateTimeOffset? time = column.Format.Pattern is null ? EventTime.Find(JsonSerializer.SerializeToElement(text)) : Cells.TryDate(text, column.Format, out var date) ? date.ToUniversalTime() : null;
        if (time is null)
        {
            read.Fault(column, $"{Cells.Shown(text)} is no time.", Cells.DateExpected(column.Format));
        }
        else if (EventTime.Doubt(time.Value, null, at) is not null)
        {
            read.Fault(column, $"{Cells.Shown(text)} is {(time > at ? "in the future" : $"more than {IngestLimits.Years} years ago")}.", $"a time of the last {IngestLimits.Years} years");
        }
        else
        {
            read.Time = time;
        }
    }

    private void TakeLists(MappedColumn column, string text, RowInHand read)
    {
        if (column.Name.Length > 0)
        {
            if (Consent.Read(Value.From(text)) is var said and (Said.Yes or Said.No))
            {
                read.Lists[column.Name] = said == Said.Yes;
                return;
            }

            read.Fault(column, $"{Cells.Shown(text)} is neither yes nor no.", "yes or no, true or false, 1 or 0");
            return;
        }

        foreach (var list in text.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (SegmentMembership.Fault(list, isDecided) is var (message, expected))
            {
                read.Fault(column, $"{Cells.Shown(list)}: {message}", expected);
            }
            else
            {
                read.Lists[list] = true;
            }
        }
    }

    private void Tell(RowInHand read)
    {
        var traits = read.Traits;
        if (read.Email is not null)
        {
            traits["email"] = read.Email;
        }

        Add(read, EventType.Identify, null, traits, isHearsay: read.Time is null);
        if (read.Faults.Count > 0)
        {
            return;
        }

        if (read.Answers.Count > 0)
        {
            Add(read, EventType.Track, ConsentEvents.Changed, read.Answers, isHearsay: read.Time is null);
        }

        foreach (var (list, isMember) in mapping.Lists.Select(list => KeyValuePair.Create(list, true)).Concat(read.Lists))
        {
            AddList(read, list, isMember);
        }

        if ((mapping.Event ?? read.Event) is { } name)
        {
            if (read.Time is null && mapping.Find(ColumnRole.Timestamp) is { } when)
            {
                read.Fault(when, "What happened has no time.", Cells.DateExpected(when.Format));
                return;
            }

            Add(read, EventType.Track, name, read.Properties, isHearsay: false);
        }
    }

    private void Add(RowInHand read, EventType type, string? name, JsonObject said, bool isHearsay)
    {
        var who = new JsonObject { ["userId"] = read.UserId, ["timestamp"] = (read.Time ?? at).ToString("O", CultureInfo.InvariantCulture) };
        if (_told.Tell(IdOf(read), type, name, said, who, read.Email) is { } made)
        {
            read.Events.Add(made with { Email = made.UserId is null && made.Type != EventType.Identify ? read.Email : null, IsHearsay = isHearsay ? true : null });
        }
        else
        {
            read.Fault(ColumnOf(_told.Refusal.Path), _told.Refusal.Message, null);
        }
    }

    /// <summary>Being in a list is nothing that a client may say.</summary>
    private void AddList(RowInHand read, string list, bool isMember)
    {
        var who = read.Events[0]; // the identify
        read.Events.Add(new()
        {
            Id = IdOf(read),
            Type = EventType.Segment,
            Name = "segment",
            At = who.At,
            UserId = who.UserId,
            Email = who.UserId is null ? read.Email : null,
            Source = SourceId,
            IsHearsay = read.Time is null ? true : null,
            Properties = JsonSerializer.SerializeToElement(SegmentMembership.Say(list, isMember)),
        });
    }

    private string IdOf(RowInHand read) => string.Create(CultureInfo.InvariantCulture, $"import/{key}/{read.Number}/{read.Events.Count}");

    private MappedColumn? ColumnOf(string path) => path.Split('.')[0] switch
    {
        "userId" => mapping.Find(ColumnRole.UserId),
        "event" => mapping.Find(ColumnRole.Event),
        "timestamp" => mapping.Find(ColumnRole.Timestamp),
        _ => null,
    };

    private static void Put(JsonObject root, ReadOnlySpan<string> path, JsonNode value)
    {
        while (path.Length > 1)
        {
            root = (JsonObject)(root[path[0]] ??= new JsonObject()); // a mapping has no name that is also the beginning of another
            path = path[1..];
        }

        root[path[0]] = value;
    }

    /// <summary>What has been read of a row so far.</summary>
    private sealed class RowInHand(CsvRow row, long number)
    {
        private readonly List<RowFault> _faults = [];

        public long Number => number;

        public string? UserId { get; set; }

        public string? Email { get; set; }

        public string? Event { get; set; }

        public DateTimeOffset? Time { get; set; }

        public JsonObject Traits { get; } = [];

        public JsonObject Properties { get; } = [];

        public JsonObject Answers { get; } = [];

        public Dictionary<string, bool> Lists { get; } = new(StringComparer.Ordinal);

        public List<LeadEvent> Events { get; } = [];

        public IReadOnlyList<RowFault> Faults => _faults;

        public void Fault(MappedColumn? column, string message, string? expected) => _faults.Add(new(row.Line, column?.Column, message, expected));
    }
}
