using System.Runtime.CompilerServices;

// All interop is blittable, so no marshalling code is generated or needed.
[assembly: DisableRuntimeMarshalling]
