# requires: zeep==4.3.3
# A WSDL read from disk, a request built and an answer parsed through a transport of our own, a fault.
import io
import tempfile

import zeep
from zeep.transports import Transport

WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:s" targetNamespace="urn:s" name="S">
<types><xsd:schema targetNamespace="urn:s" elementFormDefault="qualified">
<xsd:element name="Add"><xsd:complexType><xsd:sequence><xsd:element name="a" type="xsd:int"/><xsd:element name="when" type="xsd:date"/></xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="AddResult"><xsd:complexType><xsd:sequence><xsd:element name="sum" type="xsd:decimal"/></xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema></types>
<message name="In"><part name="p" element="tns:Add"/></message><message name="Out"><part name="p" element="tns:AddResult"/></message>
<portType name="T"><operation name="Add"><input message="tns:In"/><output message="tns:Out"/></operation></portType>
<binding name="B" type="tns:T"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Add"><soap:operation soapAction="urn:add"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="tns:B"><soap:address location="http://127.0.0.1/s"/></port></service></definitions>"""


class Answer:
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    encoding = "utf-8"
    cookies = None

    def __init__(self, status, body):
        self.status_code = status
        self.content = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>'.encode()


class Local(Transport):
    def post(self, address, message, headers):
        self.sent = message.decode()
        if b"666" in message:
            return Answer(500, "<e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault>")
        return Answer(200, '<AddResult xmlns="urn:s"><sum>1.50</sum></AddResult>')


def handler(event, context):
    import datetime

    with tempfile.NamedTemporaryFile("w", suffix=".wsdl", dir="/tmp") as file:
        file.write(WSDL)
        file.flush()
        transport = Local()
        client = zeep.Client(file.name, transport=transport, settings=zeep.Settings(strict=False))
    day = datetime.date(2024, 1, 2)
    result = {"sum": str(client.service.Add(a=1, when=day)), "sent": transport.sent}
    errors = []
    for attempt in (
        lambda: client.service.Add(a=666, when=day),
        lambda: client.service.Add(b=1),
        lambda: client.service.Sub(),
        lambda: zeep.Client(io.BytesIO(b"<x/>")),
    ):
        try:
            attempt()
        except (zeep.exceptions.Error, TypeError, AttributeError) as error:
            errors.append(f"{type(error).__name__}: {error}"[:80])
    return {
        **result,
        "errors": errors,
        "signature": client.service.Add.__doc__ or str(client.get_element("{urn:s}Add").signature()),
    }
