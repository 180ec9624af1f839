namespace Samepage.Torture.Checking;

/// <summary>Operations of clients and servers. A request is named by its <see cref="MessageId"/>.</summary>
internal enum ServiceCode
{
    /// <summary>The argument is the request, the result a <see cref="CallEnd"/>, the detail the server that answered.</summary>
    Call,

    /// <summary>The result is the request, or 0 for none.</summary>
    Take,

    /// <summary>The argument is the request, the result 1 if the client was still waiting.</summary>
    Reply,

    /// <summary>The argument is the request; likewise.</summary>
    Fail,

    /// <summary>The server leaves, with requests that it has not answered.</summary>
    Leave,

    /// <summary>As <see cref="Call"/>, for several answers; the detail is how many came.</summary>
    Stream,

    /// <summary>The argument is the request, the result 1 if the client was still waiting, the detail how many answers were given before.</summary>
    Complete,
}
