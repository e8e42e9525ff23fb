using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.Listing;

/// <summary>A listed lead as memory holds it, for there may be a million. Immutable: a change puts another in its place.</summary>
/// <param name="Texts">See <see cref="ListingTexts"/>.</param>
/// <param name="Segments">Numbers of names (<see cref="ListingNames"/>), as <paramref name="Stage"/>, <paramref name="Grade"/>, <paramref name="Owner"/>, <paramref name="Act"/> and <paramref name="Company"/> (<see cref="CompanyKey"/>) are.</param>
internal readonly record struct ListingSlot(
    UInt128 Id, long Version, long FirstSeen, long LastSeen, double Fit, long CurveAt, int Stage, int Grade, int Owner, int Company, byte[] Texts, CurvePart[] Parts, int[] Segments,
    int Act = 0, long ActAt = 0, int Held = 0, long FailedAt = 0)
{
    public static ListingSlot Of(ListedLead lead, long version, ListingNames names) => new(
        NumberOf(lead.Id), version, lead.FirstSeen, lead.LastSeen, lead.Fit, lead.Engagement.At, names.Number(lead.Stage), names.Number(lead.Grade), names.Number(lead.Owner), names.Number(CompanyKey.Of(lead)),
        ListingTexts.Of(lead), lead.Engagement.Parts is CurvePart[] parts ? parts : [.. lead.Engagement.Parts], lead.Segments.Count == 0 ? [] : [.. lead.Segments.Select(names.Number)],
        names.Number(lead.Act?.Name), lead.Act?.At ?? 0, lead.Held, lead.FailedAt);

    public ListedLead ToLead(ListingNames names)
    {
        var texts = new ListingTexts(Texts);
        return new(
            IdOf(Id), names[Stage] ?? "", texts.Shown(ListingText.Name), texts.Shown(ListingText.Company), texts.Shown(ListingText.Email), texts.Shown(ListingText.UserId), names[Owner], Fit, names[Grade],
            FirstSeen, LastSeen, Segments.Length == 0 ? [] : Array.ConvertAll(Segments, number => names[number] ?? ""), new(CurveAt, Parts), CompanyKey.IdIn(names[Company]),
            names[Act] is { } act ? new(act, ActAt) : null, Held, FailedAt);
    }

    public double EngagementAt(long time, double cap) => EngagementCurve.ValueAt(Parts, CurveAt, time, cap);

    /// <summary>Sorts as ids do.</summary>
    public static UInt128 NumberOf(string leadId)
    {
        Span<byte> bytes = stackalloc byte[16];
        LeadIds.Decode(leadId, bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static string IdOf(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return LeadIds.Encode(bytes);
    }
}

/// <summary>Names that many leads share, each kept once; 0 is none. A number that was given can be looked up while others are given.</summary>
internal sealed class ListingNames
{
    private readonly Dictionary<string, int> _numbers = [];
    private string?[] _names = new string?[16];

    public string? this[int number] => _names[number];

    public int Number(string? name)
    {
        if (name is null)
        {
            return 0;
        }

        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, name, out var isKnown);
        if (!isKnown)
        {
            number = _numbers.Count; // from 1 on
            if (number == _names.Length)
            {
                Array.Resize(ref _names, 2 * number); // a copy: whoever reads the old one still finds what is in it
            }

            _names[number] = name;
        }

        return number;
    }

    /// <summary>-1 for one that nobody has.</summary>
    public int Find(string name) => _numbers.GetValueOrDefault(name, -1);
}

internal enum ListingText
{
    Name,
    Company,
    Email,
    UserId,
}

/// <summary>A lead's texts in one piece: which of them it is called by, then each with its length before it, then each as it is compared, where that is not as they are (<see cref="FoldedText"/>).</summary>
internal readonly ref struct ListingTexts(ReadOnlySpan<byte> texts)
{
    private const int Shows = 4;

    /// <summary>What a reader would call a lead, and so what listings sort by: the name, else the address, else the user id; each as it is compared.</summary>
    private static readonly int[] Labels = [Shows + (int)ListingText.Name, (int)ListingText.Name, Shows + (int)ListingText.Email, (int)ListingText.Email, Shows + (int)ListingText.UserId, (int)ListingText.UserId];

    private readonly ReadOnlySpan<byte> _texts = texts;

    public static byte[] Of(ListedLead lead)
    {
        string?[] all = [lead.Name, lead.Company, lead.Email, lead.UserId, Folded(lead.Name), Folded(lead.Company), Folded(lead.Email), Folded(lead.UserId)];
        var texts = new byte[1 + all.Sum(text => 2 + Encoding.UTF8.GetByteCount(text ?? ""))];
        texts[0] = (byte)Math.Max(0, Array.FindIndex(Labels, label => all[label] is { Length: > 0 }));
        var at = 1;
        foreach (var text in all)
        {
            var length = Encoding.UTF8.GetBytes(text ?? "", texts.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16LittleEndian(texts.AsSpan(at), (ushort)length);
            at += 2 + length;
        }

        return texts;

        static string? Folded(string? text) => text is null ? null : FoldedText.Of(text);
    }

    public string? Shown(ListingText text) => At((int)text) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>As it is compared; empty where there is none.</summary>
    public ReadOnlySpan<byte> Compared(ListingText text) => At(Shows + (int)text) is { Length: > 0 } folded ? folded : At((int)text);

    /// <summary>What the lead is called where listings sort by name.</summary>
    public ReadOnlySpan<byte> Label => At(Labels[_texts[0]]);

    private ReadOnlySpan<byte> At(int index)
    {
        var rest = _texts[1..];
        for (var i = 0; i < index; i++)
        {
            rest = rest[(2 + BinaryPrimitives.ReadUInt16LittleEndian(rest))..];
        }

        return rest.Slice(2, BinaryPrimitives.ReadUInt16LittleEndian(rest));
    }
}
