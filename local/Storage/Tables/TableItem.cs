#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
namespace Azure.Data.Tables.Models;

/// <summary>A table of an account.</summary>
public class TableItem(string name)
{
    public string Name { get; } = name;
}
