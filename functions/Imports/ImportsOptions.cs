using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Imports;

/// <summary>Settings under <c>LeadFunctions:Imports</c>.</summary>
public sealed class ImportsOptions
{
    /// <summary>Days for which the file of an import is kept, with what was refused of it. They hold names and addresses.</summary>
    [Range(1, 365)]
    public int Days { get; set; } = 30;
}
