namespace LeadFunctions.Events.Seen;

/// <summary>
/// Whether a text is the name of a thing or may be somebody's data: some clients make names of addresses, phone numbers and order numbers ("Viewed order 4711-0815"). What may be data is not kept,
/// at the price of a few odd names that nobody is offered. Pure.
/// </summary>
internal static class NameShape
{
    private const int MostCharacters = 80;
    private const int MostDigits = 6;
    private const int MostDigitsInARow = 4;
    private const string Signs = " _-.:/$()&+'";

    /// <summary>Letters, a few signs and hardly a digit. An address has an @; a telephone number, a day and an id have more digits.</summary>
    public static bool IsName(string text)
    {
        if (text.Length is 0 or > MostCharacters || !text.Any(char.IsLetter))
        {
            return false;
        }

        var (digits, row) = (0, 0);
        foreach (var character in text)
        {
            var isDigit = char.IsDigit(character);
            (digits, row) = (digits + (isDigit ? 1 : 0), isDigit ? row + 1 : 0);
            if (digits > MostDigits || row > MostDigitsInARow || !(isDigit || char.IsLetter(character) || Signs.Contains(character, StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }
}
