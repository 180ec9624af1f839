namespace Samepage.Torture.Checking;

/// <summary>Operations on cells. A value is named by its <see cref="MessageId"/>.</summary>
internal enum CellCode
{
    /// <summary>The argument is the value.</summary>
    Write,

    /// <summary>The result is the value, 0 for none; the detail its number.</summary>
    Read,

    /// <summary>One is added to a counter; the result is what it was then.</summary>
    Add,

    /// <summary>The driver's, when all have ended: the result is what the counter is.</summary>
    Left,
}
