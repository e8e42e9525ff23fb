namespace LeadFunctions.Forms.Confirming;

/// <summary>Settings under <c>LeadFunctions:Forms</c>.</summary>
public sealed class FormsOptions
{
    /// <summary>Whom mails are from that ask for a confirmation, where the form does not say: <c>Shop &lt;hello@shop.example&gt;</c>. Empty: the form has to.</summary>
    public string From { get; set; } = "";
}
