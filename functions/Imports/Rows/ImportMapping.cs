using NodaTime;

namespace LeadFunctions.Imports.Rows;

/// <summary>What a column is to a person.</summary>
internal enum ColumnRole
{
    Ignore,
    UserId,
    Email,
    Trait,

    /// <summary>Yes or no about one list, or names of lists.</summary>
    List,
    Consent,

    /// <summary>The name of something that the person did.</summary>
    Event,

    /// <summary>When that happened, or when what the row says was so.</summary>
    Timestamp,

    /// <summary>Of that event.</summary>
    Property,
}

internal enum CellType
{
    Text,
    Number,
    Boolean,
    Date,
}

/// <summary>How a cell is to be read.</summary>
/// <param name="Decimal">What stands before a number's fraction.</param>
/// <param name="Pattern">Of a date, in .NET's letters; null: one that can mean one moment only.</param>
/// <param name="Zone">Of dates that a pattern reads.</param>
internal sealed record CellFormat(CellType Type, char Decimal = '.', string? Pattern = null, DateTimeZone? Zone = null)
{
    public static readonly CellFormat Text = new(CellType.Text);
}

/// <summary>A column with a meaning.</summary>
/// <param name="Name">Of the trait, property or list, or the consent's topic; empty where there is none.</param>
/// <param name="Channel">Of a consent; null: all of them.</param>
/// <param name="IsRefusal">A yes in it is a no to the topic: "opted out".</param>
internal sealed record MappedColumn(string Column, ColumnRole Role, string Name, CellFormat Format, string? Channel = null, bool IsRefusal = false)
{
    /// <summary>Two columns for one thing: which of them counts would be chance.</summary>
    public bool SaysTheSameAs(MappedColumn other) => Role == other.Role && Role switch
    {
        ColumnRole.Ignore => false,
        ColumnRole.List => Name.Length > 0 && Name == other.Name,
        ColumnRole.Consent => (Name, Channel) == (other.Name, other.Channel),
        ColumnRole.Trait => Name == other.Name || Name.StartsWith(other.Name + ".", StringComparison.Ordinal) || other.Name.StartsWith(Name + ".", StringComparison.Ordinal),
        ColumnRole.Property => Name == other.Name,
        _ => true,
    };
}

/// <summary>What the columns of a file mean.</summary>
/// <param name="Event">What every row's person did, where no column says it; null: nothing.</param>
/// <param name="Lists">Everybody in the file is put into these.</param>
internal sealed record ImportMapping(IReadOnlyList<MappedColumn> Columns, string? Event, IReadOnlyList<string> Lists)
{
    public MappedColumn? Find(ColumnRole role) => Columns.FirstOrDefault(column => column.Role == role);

    public bool HasEvents => Event is not null || Find(ColumnRole.Event) is not null;
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Line">Of the row's beginning, from 1, as editors count.</param>
/// <param name="Column">By its name in the header; null: it is no single one.</param>
public sealed record RowFault(long Line, string? Column, string Message, string? Expected = null);
